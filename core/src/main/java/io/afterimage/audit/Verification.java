package io.afterimage.audit;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Verify;
import io.afterimage.target.InputArrays;
import io.afterimage.target.OnnxReference;
import io.afterimage.target.UnsupportedModelException;
import io.afterimage.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Optional;

/** Holds the interpreter against ONNX Runtime; {@code inspect --verify} prints it. */
public final class Verification {
  private static final int DRAWN_ROWS = 8;

  private Verification() {}

  /**
   * Compares on drawn inputs, or on those of an .npz archive whose arrays are named after the
   * graph's inputs. What stands in the model's way is told in the result; what is wrong with given
   * arrays is a BadInputException.
   */
  @SuppressWarnings("try") // the scope is there to close
  public static Verify.Result of(OnnxModel model, Optional<Path> arrays, Run run) {
    try (OnnxReference reference = new OnnxReference(model, run.threads());
        TensorScope scope = new TensorScope()) {
      return arrays.isPresent()
          ? Verify.run(model, InputArrays.read(model, arrays.get()), reference, run)
          : drawn(model, reference, run);
    } catch (UnsupportedModelException e) {
      return unknown(e);
    }
  }

  private static Verify.Result drawn(OnnxModel model, OnnxReference reference, Run run) {
    try {
      return drawn(model, DRAWN_ROWS, reference, run);
    } catch (BadInputException severalRows) {
      try {
        return drawn(model, 1, reference, run); // a graph may fix its batch further inside
      } catch (BadInputException e) {
        return unknown(e);
      }
    }
  }

  private static Verify.Result drawn(OnnxModel model, int rows, OnnxReference reference, Run run) {
    return Verify.run(model, Verify.drawnInputs(model, rows, run), reference, run);
  }

  private static Verify.Result unknown(BadInputException reason) {
    return Verify.Result.none(0, String.valueOf(reason.getMessage()));
  }
}
