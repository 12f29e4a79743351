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
import static io.afterimage.graph.ElementType.FLOAT;
import static io.afterimage.graph.ElementType.INT64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.cli.BadFiles.Wrong;
import io.afterimage.graph.GraphBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

  // ---- operators that do not take what they are given

  private static Wrong spoilt(String what, String operator, Consumer<GraphBuilder> node) {
    return new Wrong(what, f -> write(f, BadModels.spoilt(node)), "m.onnx", operator, "spoilt");
  }

  static Stream<Wrong> typesThatDoNotFit() {
    return Stream.of(
        spoilt("numbers of two types", "Add", g -> g.node("Add", "x", "whole").to("spoilt")),
        spoilt("a product of text", "MatMul", g -> g.node("MatMul", "x", "text").to("spoilt")),
        spoilt("fractions as places", "Gather", g -> g.node("Gather", "x", "x").to("spoilt")),
        spoilt("fractions as a shape", "Reshape", g -> g.node("Reshape", "x", "w").to("spoilt")),
        spoilt("the opposite of a number", "Not", g -> g.node("Not", "x").to("spoilt")),
        spoilt("a type that is none", "Cast", g -> g.node("Cast", "x").with("to", 99).to("spoilt")),
        spoilt(
            "a sequence for a tensor",
            "Relu",
            g -> g.node("Relu", g.node("SequenceConstruct", "x", "x").to("list")).to("spoilt")),
        spoilt(
            "a tensor for a sequence",
            "SequenceAt",
            g -> g.node("SequenceAt", "x", "whole").to("spoilt")),
        spoilt("a number to decide by", "If", g -> BadModels.choice(g, "x", FLOAT)),
        spoilt("branches of two types", "If", g -> BadModels.choice(g, "yes", INT64)));
  }

  static Stream<Wrong> nodesThatDoNotFit() {
    return Stream.of(
        spoilt("an input too few", "Add", g -> g.node("Add", "x").to("spoilt")),
        spoilt("an input too many", "Relu", g -> g.node("Relu", "x", "x").to("spoilt")),
        spoilt("an output too many", "Relu", g -> g.node("Relu", "x").to("spoilt", "more")),
        spoilt("an attribute too few", "Concat", g -> g.node("Concat", "x", "x").to("spoilt")),
        spoilt(
            "an attribute too many",
            "Relu",
            g -> g.node("Relu", "x").with("alpha", 2.0).to("spoilt")),
        spoilt(
            "strides that are text",
            "Conv",
            g -> g.node("Conv", "picture", "kernel").with("strides", "two").to("spoilt")),
        spoilt(
            "an axis that is text",
            "Softmax",
            g -> g.node("Softmax", "x").with("axis", "last").to("spoilt")),
        spoilt(
            "whole numbers for fractions",
            "Scaler",
            g -> g.ml("Scaler", "x").with("offset", new long[] {1}).to("spoilt")));
  }

  @ParameterizedTest
  @MethodSource({"typesThatDoNotFit", "nodesThatDoNotFit"})
  void operatorsThatDoNotTakeWhatTheyAreGiven(Wrong wrong) throws IOException {
    assertNeitherReadNorTrained(wrong.made().in(folder), wrong.named());
  }

  @Test
  void anOutputOfAnotherTypeThanItIsDeclared() throws IOException {
    Path model = write(folder, BadModels.misdeclared());
    assertNeitherReadNorTrained(model, "m.onnx", "MatMul \"spoilt\"", "int64", "float");
  }

  private void assertNeitherReadNorTrained(Path model, String... named) {
    Path run = folder.resolve("run");
    Path members = members();
    assertRefused(List.of("inspect", model.toString()), named);
    assertRefused(audit(model, members, others(), run), named);
    List<String> train = new ArrayList<>(List.of("train", "--model", model.toString()));
    train.addAll(List.of("--members", members.toString(), "--label", "species"));
    train.addAll(List.of("--out", run.toString()));
    assertRefused(train, named);
    assertThat(run.resolve("model.onnx")).doesNotExist();
  }
}
