package io.afterimage.cli;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.report.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Two tasks, three models: a digit recogniser, a clinical model, and the same made with care. */
final class Demo {
  private static final String DEFENCES = "round:1,label-only,gaussian:0.1";

  private final Path out;
  private final Run run;
  private final Consumer<String> tell;

  /**
   * @param out a new or empty folder
   * @param tell hears the story, line by line
   */
  Demo(Path out, Run run, Consumer<String> tell) {
    this.out = out;
    this.run = run;
    this.tell = tell;
  }

  /** Trains and audits all models. */
  List<DemoResult> run() {
    requireEmpty();
    Path digits = folder("digits");
    Path clinic = folder("clinic");
    DemoResult recogniser = digits(DemoData.digits(digits, run), digits);
    DemoData patients = DemoData.clinic(clinic, run);
    DemoResult hurried =
        clinical(
            "clinical model, hurried",
            "a forest, each tree grown on every patient until it has no error left",
            DemoModels.hurried(patients.members(), run),
            patients,
            clinic.resolve("hurried.onnx"));
    DemoResult careful =
        clinical(
            "clinical model, careful",
            "softmax regression with weight decay, one weight a measure",
            DemoModels.careful(patients.members(), run),
            patients,
            clinic.resolve("careful.onnx"));
    DemoStory.beside(hurried, careful).forEach(tell);
    return List.of(recogniser, hurried, careful);
  }

  private DemoResult digits(DemoData data, Path folder) {
    Path file = folder.resolve("model.onnx");
    DemoModels.digits(data.members(), run).write(file);
    return audited(
        DemoAudit.of(
            "digit recogniser",
            "LeNet-5 on pictures of 8 x 8",
            file,
            data,
            folder.resolve("audit"),
            "--label",
            "y",
            "--defend",
            DEFENCES));
  }

  private DemoResult clinical(
      String name, String about, OnnxModel model, DemoData data, Path file) {
    model.write(file);
    String run = file.getFileName().toString().replace(".onnx", "-audit");
    return audited(
        DemoAudit.of(
            name,
            about,
            file,
            data,
            file.resolveSibling(run),
            "--label",
            DemoModels.DIAGNOSIS,
            "--policy",
            "medical",
            "--defend",
            DEFENCES));
  }

  private DemoResult audited(DemoAudit audit) {
    DemoResult result = audit.run(run, remark -> {});
    DemoStory.of(result).forEach(tell);
    return result;
  }

  private Path folder(String name) {
    Path folder = out.resolve(name);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw OutputFile.refused(folder, e);
    }
    return folder;
  }

  /** Nothing of anyone's is overwritten, and no run is mixed with another. */
  private void requireEmpty() {
    if (!Files.isDirectory(out)) {
      return;
    }
    try (Stream<Path> entries = Files.list(out)) {
      check(
          entries.findAny().isEmpty(),
          "%s is not empty; delete it, or give another folder with --out",
          out);
    } catch (IOException e) {
      throw OutputFile.refused(out, e);
    }
  }
}
