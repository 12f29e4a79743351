package io.afterimage.graph.ops;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.Attributes;
import io.afterimage.graph.Node;
import io.afterimage.graph.Subgraph;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One node at work: its settings and what flows in. */
public final class Call {
  /** Largest tensor that an operator may make. */
  public static final long MAX_VALUE_BYTES = 1L << 31;

  private final Node node;
  private final @Nullable Value[] inputs;
  private final Environment environment;

  /** What the interpreter gives to every node. */
  public interface Environment {
    /** The type that stands for FLOAT: DOUBLE where the graph runs in double precision. */
    DType real();

    /** The parameter of this name, where the node's attribute is one. */
    Optional<Tensor> parameter(String name);

    /** A tensor stored in an attribute. */
    Value constant(Node node, String attribute);

    /** Where the graph is run as in training: what Dropout draws from. */
    default Optional<Draws> training() {
      return Optional.empty();
    }

    /** The outputs of a subgraph, in order, in the innermost scope, with these values as inputs. */
    List<Value> run(Subgraph subgraph, List<Value> inputs);
  }

  /** A node with its inputs, null for those left out. */
  public Call(Node node, @Nullable Value[] inputs, Environment environment) {
    this.node = node;
    this.inputs = inputs;
    this.environment = environment;
  }

  /** The same with each input of numbers exchanged. */
  Call mapped(UnaryOperator<Tensor> exchange) {
    @Nullable Value[] exchanged = inputs.clone();
    for (int i = 0; i < exchanged.length; i++) {
      Value input = exchanged[i];
      exchanged[i] = input == null ? null : input.map(exchange);
    }
    return new Call(node, exchanged, environment);
  }

  /** The same with another tensor as this input. */
  Call replaced(int input, Tensor tensor) {
    @Nullable Value[] exchanged = inputs.clone();
    exchanged[input] = Value.of(tensor);
    return new Call(node, exchanged, environment);
  }

  /** What the standard operator computes of these inputs with this node's settings. */
  Tensor standard(String type, List<Tensor> operands) {
    @Nullable Value[] values = operands.stream().map(Value::of).toArray(Value[]::new);
    Operator operator = Operators.find("", type).orElseThrow().operator();
    Value answer = operator.run(new Call(node, values, environment)).get(0);
    return ((Value.Numbers) answer).tensor();
  }

  public Node node() {
    return node;
  }

  public Attributes attributes() {
    return node.attributes();
  }

  /** The version of the operator's set. */
  public long opset() {
    return node.opset();
  }

  /** How many inputs there are, those left out among them. */
  public int inputs() {
    return inputs.length;
  }

  /** Whether this optional input is there. */
  public boolean has(int input) {
    return input < inputs.length && inputs[input] != null;
  }

  public Value value(int input) {
    Value value = input < inputs.length ? inputs[input] : null;
    if (value == null) {
      throw error("needs input " + input);
    }
    return value;
  }

  /** An input that must be numbers. */
  public Tensor x(int input) {
    if (value(input) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw error("needs numbers as input " + input + ", but is given " + kind(value(input)));
  }

  private static String kind(Value value) {
    return value instanceof Value.Strings
        ? "texts"
        : value instanceof Value.Sequence
            ? "a sequence"
            : value instanceof Value.Option ? "an optional value" : "a map";
  }

  /** Whether an input of one element is true. */
  public boolean truth(int input) {
    return truth(value(input));
  }

  /** Whether a value of one element is true. */
  public boolean truth(Value value) {
    if (value instanceof Value.Numbers numbers && numbers.tensor().count() == 1) {
      return numbers.tensor().item() != 0;
    }
    throw error("needs a condition of one element");
  }

  /** An optional input. */
  public Optional<Tensor> optional(int input) {
    return has(input) ? Optional.of(x(input)) : Optional.empty();
  }

  /** An input as whole numbers: shapes, axes, indices. */
  public long[] longs(int input) {
    return x(input).toLongs();
  }

  /** An input of one whole number. */
  public long number(int input) {
    if (x(input).count() != 1) {
      throw error("needs one number as input " + input);
    }
    return longs(input)[0];
  }

  /** Whole numbers that older versions give as an attribute and newer ones as an input. */
  public Optional<long[]> longs(int input, String attribute) {
    return has(input) ? Optional.of(longs(input)) : attributes().integers(attribute);
  }

  /** All inputs as numbers. */
  public List<Tensor> all() {
    return IntStream.range(0, inputs.length).mapToObj(this::x).toList();
  }

  public DType real() {
    return environment.real();
  }

  /** Where the graph is run as in training: what Dropout draws from; else empty. */
  public Optional<Draws> training() {
    return environment.training();
  }

  /** The type as it is computed here: FLOAT may stand for DOUBLE. */
  public DType type(DType type) {
    return type == DType.FLOAT ? environment.real() : type;
  }

  /** A tensor stored in the attribute, as numbers or texts. */
  public Value constant(String attribute) {
    return environment.constant(node, attribute);
  }

  /** A branch or body. */
  public Subgraph subgraph(String attribute) {
    return attributes().subgraph(attribute).orElseThrow(() -> error("has no graph " + attribute));
  }

  /** The outputs of a branch or body with these values as inputs. */
  public List<Value> run(Subgraph subgraph, List<Value> given) {
    if (given.size() != subgraph.inputs().size()) {
      throw error(
          "gives %d values to a graph of %d inputs"
              .formatted(given.size(), subgraph.inputs().size()));
    }
    return environment.run(subgraph, given);
  }

  /** Numbers of an attribute, exchangeable where they are parameters. */
  public Tensor numbers(String attribute) {
    return environment
        .parameter(node.name() + "/" + attribute)
        .orElseGet(
            () -> {
              float[] values = attributes().numbers(attribute).orElse(new float[0]);
              return Tensors.of(values, values.length).to(real());
            });
  }

  /** The axis, counted from the front. */
  public int axis(long axis, int rank) {
    if (axis < -rank || axis >= Math.max(rank, 1)) {
      throw error("has axis " + axis + ", but its input has " + rank + " dimensions");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The axes, counted from the front. */
  public long[] axes(long[] axes, int rank) {
    return Arrays.stream(axes).map(a -> axis(a, rank)).toArray();
  }

  /** The shape, if a tensor of it may be made. */
  public long[] sized(long... shape) {
    double bytes = 8;
    for (long extent : shape) {
      if (extent < 0) {
        throw error("would make a value of shape " + Arrays.toString(shape));
      }
      bytes *= extent;
    }
    if (bytes > 2.0 * MAX_VALUE_BYTES) {
      throw error("would make a value of shape " + Arrays.toString(shape) + ", which is too large");
    }
    return shape;
  }

  /** An error that names the node. */
  public BadInputException error(String message) {
    return new BadInputException(node.label() + " " + message);
  }
}
