package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.ZIP;
import static io.afterimage.cli.BadFiles.head;
import static io.afterimage.cli.BadFiles.named;
import static io.afterimage.cli.BadFiles.renamed;
import static io.afterimage.cli.BadFiles.write;
import static io.afterimage.cli.BadModels.cycle;
import static io.afterimage.cli.BadModels.external;
import static io.afterimage.cli.BadModels.nested;
import static io.afterimage.cli.BadModels.node;
import static io.afterimage.cli.BadModels.withNode;
import static io.afterimage.cli.BadModels.withTensor;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afterimage.cli.BadFiles.Wrong;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no models, damaged ones, and graphs that cannot be computed. */
class BadModelsTest extends Refusals {
  static Stream<Wrong> models() {
    return Stream.of(
        new Wrong(
            "cut off", f -> write(f, head(Irises.MODEL, 300)), "m.onnx", "cut off or damaged"),
        new Wrong("empty", f -> write(f, new byte[0]), "m.onnx"),
        new Wrong("text", f -> write(f, "age,income\n1,2\n".getBytes(UTF_8)), "m.onnx", "not"),
        new Wrong("a zip", f -> write(f, new byte[] {'P', 'K', 3, 4, 0, 0}), "m.onnx"),
        new Wrong("zeros", f -> write(f, new byte[5000]), "m.onnx"),
        new Wrong("a folder", f -> f, "no model file"),
        new Wrong("absent", f -> f.resolve("no.onnx"), "no.onnx"),
        new Wrong("a cycle", f -> write(f, cycle()), "m.onnx", "cycle"),
        new Wrong("data missing", f -> write(f, external("weights.bin")), "weights.bin"),
        new Wrong("data outside", f -> write(f, external("../weights.bin")), "../weights.bin"),
        new Wrong("data at root", f -> write(f, external("/etc/passwd")), "/etc/passwd"),
        new Wrong("data by a link", BadModels::link, "away.bin"),
        new Wrong("over 2 GB", BadModels::sparse, "m.onnx", "2147483660 bytes"),
        new Wrong("nested thousands deep", f -> write(f, nested(5000)), "m.onnx", "nested"),
        new Wrong(
            "a custom operator",
            f -> write(f, withNode(node("Spin", "y", "x").toBuilder().setDomain("my.ops"))),
            "Spin",
            "my.ops"),
        new Wrong(
            "a negative dimension", f -> write(f, withTensor(-2, 4)), "spare", "dimension of -2"),
        new Wrong(
            "an absurd dimension",
            f -> write(f, withTensor(1L << 40, 4)),
            "spare",
            "1099511627776"),
        new Wrong(
            "a tensor shorter than its shape", f -> write(f, withTensor(3, 4)), "spare", "3"));
  }

  // By name, and by content under another name.
  static Stream<Wrong> otherFormats() {
    return Stream.of(
        new Wrong("a .pkl", f -> named(f, "m.pkl", "?"), "m.pkl", "skl2onnx.to_onnx"),
        new Wrong("a .joblib", f -> named(f, "m.joblib", "?"), "m.joblib", "skl2onnx.to_onnx"),
        new Wrong("a .pt", f -> named(f, "m.pt", "?"), "m.pt", "torch.onnx.export"),
        new Wrong("a .h5", f -> named(f, "m.h5", "?"), "m.h5", "tf2onnx.convert --keras"),
        new Wrong("a .keras", f -> named(f, "m.keras", ZIP), "m.keras", "tf2onnx.convert --keras"),
        new Wrong(
            "a .safetensors",
            f -> named(f, "m.safetensors", "?"),
            "m.safetensors",
            "torch.onnx.export"),
        new Wrong("a pickle", f -> renamed(f, "\u0080\u0004\u0095"), "pickle", "skl2onnx.to_onnx"),
        new Wrong("a compressed joblib", f -> renamed(f, "x\u009c\u0001"), "skl2onnx.to_onnx"),
        new Wrong(
            "PyTorch's archive",
            f -> renamed(f, ZIP + "m/data.pkl"),
            "PyTorch",
            "torch.onnx.export"),
        new Wrong(
            "PyTorch's old file",
            f -> renamed(f, "\u0080\u0002\u008a\nl\u00fc\u009cF"),
            "PyTorch",
            "torch.onnx.export"),
        new Wrong("HDF5", f -> renamed(f, "\u0089HDF\r\n"), "Keras", "tf2onnx.convert --keras"),
        new Wrong(
            "Keras's archive",
            f -> renamed(f, ZIP + "metadata.json"),
            "Keras",
            "tf2onnx.convert --keras"),
        new Wrong(
            "safetensors",
            f -> renamed(f, "@\0\0\0\0\0\0\0{\"__metadata__\":"),
            "weights without their graph",
            "torch.onnx.export"));
  }

  @ParameterizedTest
  @MethodSource("otherFormats")
  void otherFormatsAreAnsweredWithTheCommandThatExportsThem(Wrong wrong) throws IOException {
    Path model = wrong.made().in(folder);
    assertRefused(List.of("inspect", model.toString()), wrong.named());
  }

  @ParameterizedTest
  @MethodSource("models")
  void modelFiles(Wrong wrong) throws IOException {
    Path model = wrong.made().in(folder);
    assertRefused(List.of("inspect", model.toString()), wrong.named());
    assertRefused(audit(model, members(), others(), folder.resolve("run")), wrong.named());
  }
}
