package io.afterimage.attack.inversion;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Softmax of a linear map: a white box small enough to be solved by hand. */
public record SoftmaxTarget(float[] weights, float[] bias, Shape shape) implements GradientTarget {

  @Override
  public TargetInfo info() {
    return new TargetInfo(
        "softmax",
        Task.CLASSIFICATION,
        IntStream.range(0, bias.length).mapToObj(c -> "person" + c).toList(),
        Meaning.PROBABILITIES,
        Access.GRADIENTS,
        Optional.of(shape));
  }

  @Override
  public Tensor logits(Tensor x) {
    return Nn.linear(
        x.flatten(1),
        Tensors.of(weights, bias.length, shape.size()),
        Tensors.of(bias, bias.length));
  }

  @Override
  public Tensor probabilities(Tensor x) {
    return logits(x).softmax(1);
  }

  @Override
  public List<String> layers() {
    return List.of();
  }

  @Override
  public Tensor features(Tensor x, String layer) {
    throw new BadInputException("there are no layers");
  }

  @Override
  public Tensor input(Dataset rows) {
    Column.Array pixels = (Column.Array) rows.inputs().get(0);
    long[] extents = new long[shape.rank() + 1];
    extents[0] = rows.rows();
    for (int axis = 0; axis < shape.rank(); axis++) {
      extents[axis + 1] = shape.extent(axis);
    }
    return Tensors.of(pixels.values(), extents);
  }

  @Override
  @SuppressWarnings("try") // scope and guard are there to close
  public Predictions scores(Dataset rows) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard guard = Autograd.noGrad()) {
      double[] values = probabilities(input(rows)).toDoubles();
      return new Predictions(values, bias.length, Meaning.PROBABILITIES);
    }
  }
}
