package io.afterimage.bench.engine;

import io.afterimage.tensor.Handles;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The same arithmetic as one would write it on the binding: nothing checked, nothing kept. It works
 * on the weights and pictures of the other side.
 */
final class Bare implements Side {
  private final PointerScope all = new PointerScope();
  private final Network network;
  private final Tensor[] weights;
  private final Tensor[] parameters;
  private final Tensor[] velocities;
  private final Tensor given;
  private final Tensor classes;
  private final Tensor rows;
  private final Tensor x;
  private final Scalar down = new Scalar(-0.1);
  private final Scalar rate = new Scalar(-1e-4);
  private final Scalar momentum = new Scalar(0.9);
  private final ScalarOptional low = new ScalarOptional(new Scalar(0.0));
  private final ScalarOptional high = new ScalarOptional(new Scalar(1.0));

  Bare(Task task, Afterimage other) {
    network = task.network();
    weights = other.weights().stream().map(Handles::of).toArray(Tensor[]::new);
    given = Handles.of(other.given());
    x = Handles.of(other.x());
    parameters = other.trained().stream().map(Handles::of).toArray(Tensor[]::new);
    velocities = Arrays.stream(parameters).map(torch::zeros_like).toArray(Tensor[]::new);
    classes = torch.tensor(Arrays.stream(task.classes()).asLongStream().toArray());
    rows = torch.tensor(LongStream.range(0, task.batch()).toArray());
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double forward() {
    try (PointerScope scope = new PointerScope()) {
      GradMode.set_enabled(false);
      double sum = network.logits(given, weights).softmax(1).sum().item_double();
      GradMode.set_enabled(true);
      return sum;
    }
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double inversion() {
    try (PointerScope scope = new PointerScope()) {
      Tensor at = x.detach().requires_grad_(true);
      Tensor cost = torch.cross_entropy_loss(network.logits(at, weights), classes);
      Tensor gradient = torch.grad(new TensorVector(cost), new TensorVector(at)).get(0);
      x.add_(gradient, down).clamp_(low, high);
      return cost.item_double();
    }
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double training() {
    try (PointerScope scope = new PointerScope()) {
      for (Tensor parameter : parameters) {
        parameter.requires_grad_(true);
      }
      Tensor batch = given.index_select(0, rows);
      Tensor own = classes.index_select(0, rows);
      Tensor cost = torch.cross_entropy_loss(network.logits(batch, parameters), own);
      TensorVector gradients = torch.grad(new TensorVector(cost), new TensorVector(parameters));
      GradMode.set_enabled(false);
      for (int i = 0; i < parameters.length; i++) {
        velocities[i].mul_(momentum).add_(gradients.get(i));
        parameters[i].add_(velocities[i], rate);
      }
      GradMode.set_enabled(true);
      return cost.item_double();
    }
  }

  @Override
  public void close() {
    all.close();
  }
}
