package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A format that is not ONNX, recognised by name or first bytes, with what exports such a model.
 *
 * @param content whether a file's first bytes, each as one character, are of this format
 * @param suffixes of files' names
 */
record ForeignFormat(String what, String export, Predicate<String> content, List<String> suffixes) {
  /** How many of a file's first bytes are looked at. */
  static final int HEAD = 64;

  private static final String TORCH =
      "torch.onnx.export(model, example, \"model.onnx\", dynamic_axes={\"input\": {0: \"N\"}})";

  private static final List<ForeignFormat> ALL =
      List.of(
          new ForeignFormat(
              "a Keras file, not ONNX",
              "python -m tf2onnx.convert --keras model.h5 --output model.onnx",
              head -> head.startsWith("\u0089HDF") || isZipOf(head, "metadata.json"),
              List.of(".h5", ".hdf5", ".keras")),
          new ForeignFormat(
              "a PyTorch file or archive, not ONNX",
              TORCH,
              head -> isZipOf(head, "") || head.startsWith("\u0080\u0002\u008a\n"),
              List.of(".pt", ".pth")),
          new ForeignFormat(
              "a Python pickle, which cannot be read safely",
              "skl2onnx.to_onnx(model, X[:1]).SerializeToString(), written to model.onnx",
              head -> head.startsWith("\u0080") || isProtocolZero(head) || isCompressed(head),
              List.of(".pkl", ".pickle", ".joblib")),
          new ForeignFormat(
              "weights without their graph, not ONNX",
              TORCH + " once they are loaded into their model",
              ForeignFormat::isSafetensors,
              List.of(".safetensors")),
          new ForeignFormat(
              "a TensorFlow file, not ONNX",
              "python -m tf2onnx.convert --output model.onnx",
              head -> head.startsWith("TFL3", 4),
              List.of(".pb", ".tflite")));

  /** Throws a BadInputException if the file's name or first bytes are those of another format. */
  static void refuse(String name, byte[] head) {
    String lower = name.toLowerCase(Locale.ROOT);
    String start = new String(head, StandardCharsets.ISO_8859_1);
    first(format -> format.suffixes.stream().anyMatch(lower::endsWith))
        .or(() -> first(format -> format.content.test(start)))
        .ifPresent(
            format -> {
              throw new BadInputException(
                  "%s is %s; export it with %s".formatted(name, format.what, format.export));
            });
  }

  private static Optional<ForeignFormat> first(Predicate<ForeignFormat> condition) {
    return ALL.stream().filter(condition).findFirst();
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

  // ---- first bytes, one a character

  private static boolean isZipOf(String head, String entry) {
    return head.startsWith("PK\u0003\u0004") && head.contains(entry);
  }

  private static boolean isProtocolZero(String head) {
    return head.startsWith("ccopy_reg\n");
  }

  // joblib.dump(…, compress=…): zlib, gzip, bzip2, xz.
  private static boolean isCompressed(String head) {
    return Stream.of("x\u0001", "x^", "x\u009c", "x\u00da", "\u001f\u008b", "BZh", "\u00fd7zXZ")
        .anyMatch(head::startsWith);
  }

  // The length of the header in eight bytes, then the header, in JSON.
  private static boolean isSafetensors(String head) {
    return head.startsWith("{\"", 8) && head.startsWith("\0\0\0\0", 4);
  }
}
