package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Recognises models in other formats, and says how each becomes ONNX. */
final class ForeignFormats {
  private ForeignFormats() {}

  private static final String TORCH =
      "torch.onnx.export(model, example, \"model.onnx\", dynamic_axes={\"input\": {0: \"N\"}})";
  private static final String SKLEARN =
      "skl2onnx.to_onnx(model, X[:1]).SerializeToString(), written to model.onnx";
  private static final String KERAS =
      "python -m tf2onnx.convert --keras model.h5 --output model.onnx";

  /** Throws a BadInputException if the file's name or first bytes are those of another format. */
  static void refuse(String name, byte[] head) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (endsWith(lower, ".pkl", ".pickle", ".joblib") || starts(head, 0x80)) {
      throw new BadInputException(
          name + " is a Python pickle, which cannot be read safely; export it with " + SKLEARN);
    }
    if (endsWith(lower, ".pt", ".pth") || starts(head, 'P', 'K', 3, 4)) {
      throw new BadInputException(
          name + " is a PyTorch file or archive, not ONNX; export it with " + TORCH);
    }
    if (endsWith(lower, ".h5", ".hdf5", ".keras") || starts(head, 0x89, 'H', 'D', 'F')) {
      throw new BadInputException(name + " is a Keras file, not ONNX; export it with " + KERAS);
    }
    if (endsWith(lower, ".safetensors")) {
      throw new BadInputException(
          name
              + " holds weights without their graph, not ONNX; load them into their model and export"
              + " it with "
              + TORCH);
    }
    if (endsWith(lower, ".pb", ".tflite")) {
      throw new BadInputException(
          name
              + " is a TensorFlow file, not ONNX; export it with python -m tf2onnx.convert --output"
              + " model.onnx");
    }
  }

  /** What a file that is not ONNX looks like, for the message. */
  static Optional<String> looksLike(byte[] head) {
    if (head.length == 0) {
      return Optional.of("an empty file");
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    boolean printable =
        text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t');
    return printable ? Optional.of("a text file") : Optional.empty();
  }

  private static boolean endsWith(String name, String... suffixes) {
    for (String suffix : suffixes) {
      if (name.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean starts(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
