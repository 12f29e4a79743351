package io.afterimage.tensor;

import java.util.Collections;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * Updates of libtorch that pass over the numbers once, which the binding does not name: they are
 * looked up by their schemas. Like {@link InPlace}, inside {@link Autograd#noGrad}.
 */
public final class Fused {
  private Fused() {}

  /** Looked up when first used, after the libraries are there. */
  private static final class Operators {
    static final OperatorHandle ADAM = named("aten::_fused_adam_");
    static final OperatorHandle ADAM_W = named("aten::_fused_adamw_");

    private static OperatorHandle named(String name) {
      Natives.load();
      return Dispatcher.singleton().findSchemaOrThrow(name, "");
    }
  }

  /**
   * How Adam moves.
   *
   * @param apart whether decay stands apart from the gradient (AdamW)
   */
  public record Adam(
      double rate, double beta1, double beta2, double decay, double epsilon, boolean apart) {}

  /**
   * A step of Adam (Kingma, Ba 2015) or AdamW (Loshchilov, Hutter 2019) in one pass. All tensors of
   * one number have the same shape and type, and all but the gradients are contiguous; within a
   * {@link TensorScope}.
   *
   * @param weights changed, as are means and squares
   * @param means of gradients so far
   * @param squares means of their squares so far
   * @param taken number of the step, from 1
   */
  @SuppressWarnings("try") // the scope is there to close
  public static void adam(
      List<Tensor> weights,
      List<Tensor> gradients,
      List<Tensor> means,
      List<Tensor> squares,
      long taken,
      Adam how) {
    for (Tensor weight : weights) {
      if (!weight.raw().is_contiguous()) {
        throw new IllegalArgumentException("the kernel takes weights without gaps, in row order");
      }
    }
    // Both stand before the scope of native objects, which would free what outlives it.
    OperatorHandle operator = how.apart() ? Operators.ADAM_W : Operators.ADAM;
    Tensor number = Tensors.scalar((float) taken);
    List<Tensor> dense = gradients.stream().map(Tensor::contiguous).toList();
    try (PointerScope natives = new PointerScope()) {
      operator.callBoxed(
          new IValueVector(
              list(weights),
              list(dense),
              list(means),
              list(squares),
              list(List.of()), // no greatest squares, which AMSGrad keeps
              list(Collections.nCopies(weights.size(), number)),
              new IValue(how.rate()),
              new IValue(how.beta1()),
              new IValue(how.beta2()),
              new IValue(how.decay()),
              new IValue(how.epsilon()),
              new IValue(false), // no AMSGrad
              new IValue(false), // downwards
              new IValue(),
              new IValue()));
    }
  }

  private static IValue list(List<Tensor> tensors) {
    GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    tensors.forEach(tensor -> list.push_back(new IValue(tensor.raw())));
    return new IValue(list);
  }
}
