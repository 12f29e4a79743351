package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A stacked denoising autoencoder and the classifier that reads its codes. Vincent, Larochelle,
 * Lajoie, Bengio, Manzagol: Stacked Denoising Autoencoders, JMLR 2010: layer after layer of
 * sigmoids learns to build its input again from a noisy copy; then all of them, with a softmax on
 * top, learn to name the rows.
 *
 * <p>Departs from it in three points: a layer and its way back have weights of their own, noise is
 * Gaussian, and because naming moves the codes, the way back learns once more from the codes as
 * they are at last.
 *
 * @param classifier FLOAT [N, ...row] to probabilities, as {@link Architectures#sigmoids} lays it
 * @param decoder the last layer's codes, FLOAT [N, code], to FLOAT [N, ...row]
 */
public record StackedAutoencoder(OnnxModel classifier, OnnxModel decoder) {

  /**
   * How it learns.
   *
   * @param widths of the layers, down to the code
   * @param noise deviation of what is added to a layer's inputs, which lie between 0 and 1
   * @param layers how long each layer learns, and at last the way back
   * @param naming how long all of them learn the names
   * @param rate Adam's
   */
  public record Settings(
      List<Integer> widths,
      double noise,
      Trainer.Settings layers,
      Trainer.Settings naming,
      double rate) {
    public Settings {
      widths = List.copyOf(widths);
      check(!widths.isEmpty(), "--hidden needs a width at least: that of the code");
      inRange("--noise", noise, 0, 10);
      inRange("--learning-rate", rate, 1e-9, 1e3);
    }

    private int[] hidden() {
      return widths.stream().mapToInt(width -> width).toArray();
    }
  }

  /**
   * Learns from these rows.
   *
   * @param rows numbers between 0 and 1, row after row
   * @param labels the class of each row
   * @param classes how many there are
   */
  public static StackedAutoencoder train(
      float[] rows, Shape row, int[] labels, int classes, Settings settings, Run run) {
    Deque<float[]> encoding = new ArrayDeque<>();
    Deque<float[]> decoding = new ArrayDeque<>();
    float[] inputs = rows;
    Shape shape = row;
    for (int width : settings.widths()) {
      Run own = run.keyed("layer/" + encoding.size() / 2);
      OnnxModel layer = layer(inputs, shape, width, settings, own);
      List<float[]> weights = weights(layer);
      encoding.addAll(weights.subList(0, 2));
      decoding.addFirst(weights.get(3));
      decoding.addFirst(weights.get(2));
      inputs = values(layer, code(layer, 0), inputs, shape);
      shape = new Shape(width);
    }
    OnnxModel classifier = named(rows, row, labels, classes, encoding, settings, run);
    OnnxModel decoder = back(classifier, rows, row, decoding, settings, run.keyed("back"));
    return new StackedAutoencoder(classifier, decoder);
  }

  /** The layers that learned, with a softmax on top, learn the names. */
  private static OnnxModel named(
      float[] rows,
      Shape row,
      int[] labels,
      int classes,
      Deque<float[]> encoding,
      Settings settings,
      Run run) {
    Architecture network = Architectures.sigmoids(new Head.Classes(classes), settings.hidden());
    OnnxModel fresh = with(network.over(row, run), encoding);
    Examples examples = Examples.ofClasses(Architecture.INPUT, rows, row, labels);
    return trained(fresh, examples, Loss.crossEntropy(fresh), settings, settings.naming(), run);
  }

  /** The layers' ways back learn to build the rows of the classifier's codes. */
  private static OnnxModel back(
      OnnxModel classifier,
      float[] rows,
      Shape row,
      Deque<float[]> decoding,
      Settings settings,
      Run run) {
    int[] widths = settings.hidden();
    float[] codes = values(classifier, code(classifier, widths.length - 1), rows, row);
    Shape code = new Shape(widths[widths.length - 1]);
    OnnxModel fresh = with(backwards(row, widths).over(code, run), decoding);
    Examples examples =
        new ArrayExamples(Architecture.INPUT, codes, code, new Answers.Rows(rows, row));
    Loss loss = Loss.binaryCrossEntropy(fresh);
    return trained(fresh, examples, loss, settings, settings.layers(), run);
  }

  /** One layer and its way back, which learn to build these inputs again. */
  private static OnnxModel layer(
      float[] inputs, Shape shape, int width, Settings settings, Run run) {
    Architecture again =
        layers -> {
          layers.flatten().dense(width, Layers.Next.NONE).sigmoid();
          backwards(shape, width).lay(layers);
        };
    OnnxModel fresh = again.over(shape, run);
    Examples examples =
        new Varied(
            Examples.ofThemselves(Architecture.INPUT, inputs, shape),
            new Noisy(settings.noise(), run),
            0);
    Loss loss = Loss.binaryCrossEntropy(fresh);
    return trained(fresh, examples, loss, settings, settings.layers(), run);
  }

  private static OnnxModel trained(
      OnnxModel fresh,
      Examples examples,
      Loss loss,
      Settings settings,
      Trainer.Settings length,
      Run run) {
    Optimiser optimiser = Optimiser.Adam.of(settings.rate());
    return Trainer.train(fresh, examples, loss, optimiser, length, run).model();
  }

  /** From the last of these widths through the others in reverse to rows of this shape. */
  private static Architecture backwards(Shape row, int... widths) {
    return layers -> {
      for (int i = widths.length - 2; i >= 0; i--) {
        layers.dense(widths[i], Layers.Next.NONE).sigmoid();
      }
      layers.dense(row.size(), Layers.Next.NONE).sigmoid();
      layers.reshape(row).reconstruction();
    };
  }

  /** The name of what this dense layer's sigmoid gives. */
  private static String code(OnnxModel model, int layer) {
    String sums = gemms(model).get(layer).outputs().get(0);
    return model.consumers(sums).get(0).outputs().get(0);
  }

  /** What a model makes of these inputs on the way. */
  @SuppressWarnings("try") // scope and guard are there to close
  private static float[] values(OnnxModel model, String value, float[] inputs, Shape shape) {
    try (Interpreter interpreter = Interpreter.of(model);
        TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor x = Tensors.of(inputs, shape.batch(inputs.length / shape.size()));
      return interpreter.run(x, value).toFloats();
    }
  }

  private static List<Node> gemms(OnnxModel model) {
    return model.nodes().stream().filter(node -> node.is("Gemm")).toList();
  }

  /** Weights and bias of each dense layer, from the input to the output. */
  private static List<float[]> weights(OnnxModel model) {
    try (Interpreter interpreter = Interpreter.of(model)) {
      Map<String, Tensor> parameters = interpreter.parameters();
      return names(model)
          .map(name -> Objects.requireNonNull(parameters.get(name)).toFloats())
          .toList();
    }
  }

  private static Stream<String> names(OnnxModel model) {
    return gemms(model).stream().flatMap(node -> Stream.of(node.input(1), node.input(2)));
  }

  /** A model whose first dense layers have these weights. */
  private static OnnxModel with(OnnxModel model, Deque<float[]> weights) {
    Map<String, float[]> named = new HashMap<>();
    Iterator<float[]> next = weights.iterator();
    names(model).limit(weights.size()).forEach(name -> named.put(name, next.next()));
    return model.withParameters(named);
  }
}
