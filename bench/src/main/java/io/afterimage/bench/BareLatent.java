package io.afterimage.bench;

import static java.util.Objects.requireNonNull;

import io.afterimage.bench.engine.Network;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Handles;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Inversion with a prior as one would write it on the binding: nothing checked, nothing kept, and
 * of the searches without gradients only the questions. The interpreters hold the weights, no more.
 */
final class BareLatent implements AutoCloseable {
  /** Pictures of one pass, as the attacks and their targets take them. */
  private static final int AT_ONCE = 1024;

  private static final double RATE = 0.02;
  private static final double MOMENTUM = 0.9;
  private static final double IDENTITY = 100;
  private static final double CLIP = 1;

  /** These of gmi's: the paper's, by which rounding does not grow within a few steps. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "learning-rate", Double.toString(RATE),
          "momentum", Double.toString(MOMENTUM),
          "identity", Double.toString(IDENTITY),
          "clip", Double.toString(CLIP));

  private static final double SLOPE = 0.2;
  private static final double EPSILON = 1e-5;
  private static final long SUM = 2; // at::Reduction::Sum
  private static final long IGNORED = -100;

  private final int latent;
  private final Interpreter generator;
  private final Interpreter critic;
  private final Interpreter target;
  private final Tensor[] making;
  private final Tensor[] judging;
  private final Tensor[] answering;

  BareLatent(LatentScene scene) {
    latent = scene.latent();
    generator = Interpreter.of(scene.generator());
    critic = Interpreter.of(scene.critic());
    target = Interpreter.of(scene.target());
    making = weights(generator);
    judging = weights(critic);
    answering = weights(target);
  }

  /** Weights, biases and averages, layer after layer. */
  private static Tensor[] weights(Interpreter interpreter) {
    OnnxModel model = interpreter.model();
    Map<String, io.afterimage.tensor.Tensor> stored = new HashMap<>(interpreter.parameters());
    stored.putAll(interpreter.averages());
    return model.nodes().stream()
        .flatMap(node -> node.inputs().stream())
        .filter(stored::containsKey)
        .map(name -> Handles.of(requireNonNull(stored.get(name))))
        .toArray(Tensor[]::new);
  }

  // ---- the networks

  private Tensor pictures(Tensor z) {
    Tensor[] p = making;
    Tensor first = Network.linear(z, p, 0).reshape(-1, p[2].size(0), 7, 7);
    Tensor small = normalised(first, p, 2).relu();
    Tensor half = normalised(doubled(small, p[6], new TensorOptional()), p, 7).relu();
    return doubled(half, p[11], new TensorOptional(p[12])).sigmoid();
  }

  private static Tensor normalised(Tensor x, Tensor[] p, int from) {
    TensorOptional scale = new TensorOptional(p[from]);
    TensorOptional shift = new TensorOptional(p[from + 1]);
    TensorOptional mean = new TensorOptional(p[from + 2]);
    TensorOptional variance = new TensorOptional(p[from + 3]);
    return torch.batch_norm(x, scale, shift, mean, variance, false, 0, EPSILON, false);
  }

  private static Tensor doubled(Tensor x, Tensor weights, TensorOptional bias) {
    long[] two = {2, 2};
    long[] one = {1, 1};
    return torch.conv_transpose2d(x, weights, bias, two, one, new long[] {0, 0}, 1, one);
  }

  private Tensor realism(Tensor pictures) {
    Scalar slope = new Scalar(SLOPE);
    Tensor half = torch.leaky_relu(Network.conv(pictures, judging, 0, 2, 1), slope);
    Tensor small = torch.leaky_relu(Network.conv(half, judging, 1, 2, 1), slope);
    return Network.linear(small.flatten(1, -1), judging, 2);
  }

  private Tensor logits(Tensor pictures) {
    return Network.LENET.logits(pictures, answering);
  }

  // ---- with gradients

  /**
   * So many steps of gmi.
   *
   * @param vectors to start from, one after the other
   * @param classes of each
   * @return the pictures in the end
   */
  @SuppressWarnings("try") // the scope is there to close
  float[] descended(float[] vectors, int[] classes, int steps) {
    try (PointerScope all = new PointerScope()) {
      Tensor at = rows(vectors);
      Tensor own = torch.tensor(Arrays.stream(classes).asLongStream().toArray());
      Tensor velocity = torch.zeros_like(at);
      ScalarOptional low = new ScalarOptional(new Scalar(-CLIP));
      ScalarOptional high = new ScalarOptional(new Scalar(CLIP));
      for (int step = 0; step < steps; step++) {
        step(at, own, velocity, low, high);
      }
      return floats(pictures(at));
    }
  }

  @SuppressWarnings("try") // the scope is there to close
  private void step(
      Tensor at, Tensor own, Tensor velocity, ScalarOptional low, ScalarOptional high) {
    try (PointerScope scope = new PointerScope()) {
      Tensor leaf = at.detach().requires_grad_(true);
      Tensor pictures = pictures(leaf);
      Tensor unsure =
          torch.cross_entropy_loss(logits(pictures), own, new TensorOptional(), SUM, IGNORED, 0);
      Tensor cost = unsure.mul(new Scalar(IDENTITY)).sub(realism(pictures).sum());
      Tensor gradient = torch.grad(new TensorVector(cost), new TensorVector(leaf)).get(0);
      velocity.mul_(new Scalar(MOMENTUM)).add_(gradient);
      at.add_(velocity, new Scalar(-RATE)).clamp_(low, high);
    }
  }

  // ---- without

  /** The pictures of vectors, one after the other. */
  float[] pictures(float[] vectors) {
    return unrecorded(() -> floats(pictures(rows(vectors))));
  }

  /** What the target says of pictures, row after row. */
  float[] probabilities(float[] pictures) {
    return unrecorded(
        () -> floats(logits(torch.tensor(pictures).reshape(-1, 1, 28, 28)).softmax(1)));
  }

  /**
   * The probabilities that the target gives the pictures of vectors, so many times.
   *
   * @param batches how many vectors, from the first on, are asked about at a time in each step
   */
  void scores(float[] vectors, int[] batches, int steps) {
    ask(vectors, batches, steps, logits -> floats(logits.softmax(1)));
  }

  /** The same of the target's labels. */
  void labels(float[] vectors, int[] batches, int steps) {
    ask(vectors, batches, steps, logits -> longs(logits.argmax(new LongOptional(1), false)));
  }

  @SuppressWarnings("try") // the scope is there to close
  private void ask(float[] vectors, int[] batches, int steps, Function<Tensor, ?> heard) {
    try (PointerScope all = new PointerScope()) {
      Tensor z = rows(vectors);
      for (int step = 0; step < steps; step++) {
        for (int batch : batches) {
          for (int from = 0; from < batch; from += AT_ONCE) {
            ask(z, from, Math.min(AT_ONCE, batch - from), heard);
          }
        }
      }
    }
  }

  private void ask(Tensor z, int from, int count, Function<Tensor, ?> heard) {
    unrecorded(() -> heard.apply(logits(pictures(z.narrow(0, from, count)))));
  }

  @SuppressWarnings("try") // the scope is there to close
  private static <T> T unrecorded(Supplier<T> work) {
    try (PointerScope scope = new PointerScope()) {
      GradMode.set_enabled(false);
      return work.get();
    } finally {
      GradMode.set_enabled(true);
    }
  }

  // ---- to and from the host

  private Tensor rows(float[] vectors) {
    return torch.tensor(vectors).reshape(-1, latent);
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    tensor.contiguous().data_ptr_float().get(values);
    return values;
  }

  private static long[] longs(Tensor tensor) {
    long[] values = new long[(int) tensor.numel()];
    tensor.contiguous().data_ptr_long().get(values);
    return values;
  }

  @Override
  public void close() {
    generator.close();
    critic.close();
    target.close();
  }
}
