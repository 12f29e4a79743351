package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A prior at work: pictures of latent vectors, through which autograd differentiates. What it gives
 * belongs to the caller's innermost scope. May be run from several threads.
 */
public final class OpenedPrior implements AutoCloseable {
  private final Prior prior;
  private final Interpreter generator;
  private final Optional<Interpreter> critic;

  OpenedPrior(Prior prior, Run run) {
    this.prior = prior;
    this.generator = Interpreter.of(prior.generator()).heeding(run);
    this.critic = prior.critic().map(model -> Interpreter.of(model).heeding(run));
  }

  /** What it is. */
  public Prior prior() {
    return prior;
  }

  /** So many latent vectors, FLOAT [count, latent]: Gaussian, each number by itself. */
  public Tensor latents(int count, Draws draws) {
    return draws.normal(count, prior.latent());
  }

  /** Classes as a conditional prior is told them: FLOAT [n, classes], 1 in the class's column. */
  public Tensor told(int... classes) {
    for (int known : classes) {
      check(
          known >= 0 && known < prior.classes(),
          "class %d is none of the prior's %d",
          known,
          prior.classes());
    }
    long[] numbers = Arrays.stream(classes).asLongStream().toArray();
    return Indexing.oneHot(Tensors.of(numbers, numbers.length), prior.classes());
  }

  /**
   * Pictures, FLOAT [n, ...picture], of latent vectors, [n, latent]; of a prior without classes.
   */
  public Tensor pictures(Tensor latents) {
    return raw(latents, Optional.empty());
  }

  /**
   * Pictures, FLOAT [n, ...picture], of a conditional prior.
   *
   * @param latents [n, latent]
   * @param told [n, classes], as {@link #told} makes them, or mixtures
   */
  public Tensor pictures(Tensor latents, Tensor told) {
    return raw(latents, Optional.of(told));
  }

  /**
   * The names of the inner values that pictures can be made of instead of latent vectors, from the
   * latent vectors on: what the generator's layers are given, where no way leads around it. Empty
   * where the generator cannot be cut so.
   */
  @SuppressWarnings("try") // the guard is there to close
  public List<String> layers() {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      return Cuts.of(prior.generator()).stream().filter(this::hasRows).toList();
    }
  }

  /** Whether an inner value of n latent vectors has n rows, of as many numbers each. */
  @SuppressWarnings("try") // the scope is there to close
  private boolean hasRows(String layer) {
    if (prior.classes() > 0) {
      return false;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor two = inner(Tensors.zeros(2, prior.latent()), layer);
      Tensor three = inner(Tensors.zeros(3, prior.latent()), layer);
      return two.dtype() == DType.FLOAT
          && two.rank() > 1
          && two.size(0) == 2
          && three.size(0) == 3
          && two.count() * 3 == three.count() * 2;
    }
  }

  /**
   * An inner value of latent vectors, [n, ...].
   *
   * @param latents [n, latent]
   * @param layer one of {@link #layers}
   */
  public Tensor inner(Tensor latents, String layer) {
    return generator.runFrom(latentInput().name(), shaped(latents), layer);
  }

  /**
   * An inner value of one that comes before it, [n, ...].
   *
   * @param from one of {@link #layers}
   * @param values of it
   * @param to one of {@link #layers} behind it
   */
  public Tensor inner(String from, Tensor values, String to) {
    return generator.runFrom(from, values, to);
  }

  /**
   * Pictures, FLOAT [n, ...picture], of inner values.
   *
   * @param layer one of {@link #layers}
   * @param values [n, ...]
   */
  public Tensor pictures(String layer, Tensor values) {
    return generator.runFrom(layer, values, prior.generator().outputs().get(0).name());
  }

  /** The critic's scores, [n], the higher the more like real; of a prior without classes. */
  public Tensor scores(Tensor pictures) {
    return judged(pictures, Optional.empty());
  }

  /** The critic's scores, [n], of pictures as those of the classes told, [n, classes]. */
  public Tensor scores(Tensor pictures, Tensor told) {
    return judged(pictures, Optional.of(told));
  }

  private Tensor judged(Tensor pictures, Optional<Tensor> told) {
    Interpreter judging =
        critic.orElseThrow(
            () -> new BadInputException("this prior has no critic: " + prior.origin()));
    return first(judging, pictures, told).reshape(-1);
  }

  /** What the generator makes of latent vectors, in whatever shape. */
  Tensor raw(Tensor latents, Optional<Tensor> told) {
    return first(generator, shaped(latents), told);
  }

  private ValueInfo latentInput() {
    return prior.generator().inputs().get(0);
  }

  /** Latent vectors as the generator takes them. */
  private Tensor shaped(Tensor latents) {
    boolean flat = latentInput().dimensions().size() == 2;
    return flat ? latents : latents.reshape(latents.size(0), latents.size(1), 1, 1);
  }

  private Tensor first(Interpreter interpreter, Tensor x, Optional<Tensor> told) {
    OnnxModel model = interpreter.model();
    check(
        told.isPresent() == (prior.classes() > 0),
        told.isPresent() ? "this prior takes no classes: %s" : "this prior needs classes: %s",
        prior.origin());
    Map<String, Value> inputs = new LinkedHashMap<>();
    inputs.put(model.inputs().get(0).name(), Value.of(x));
    told.ifPresent(classes -> inputs.put(model.inputs().get(1).name(), Value.of(classes)));
    String output = model.outputs().get(0).name();
    if (interpreter.run(inputs, List.of(output)).get(output) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException("%s of %s holds no numbers".formatted(output, model.name()));
  }

  @Override
  public void close() {
    generator.close();
    critic.ifPresent(Interpreter::close);
  }
}
