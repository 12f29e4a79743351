package io.afterimage.cli;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.OutputFile;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
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
    DemoResult recogniser =
        audited(
            DemoAudit.of("digit recogniser", digits, "model", DemoData.digits(digits, run))
                .with("--label", DemoModels.DIGIT, "--defend", DEFENCES),
            "softmax regression on pictures of 8 x 8",
            DemoModels::digits);
    DemoData patients = DemoData.clinic(clinic, run);
    DemoResult hurried =
        audited(
            clinical("hurried", clinic, patients),
            "a forest, each tree grown on every patient until it makes no mistake",
            DemoModels::hurried);
    DemoResult careful =
        audited(
            clinical("careful", clinic, patients),
            "trained again: softmax regression with weight decay",
            DemoModels::careful);
    DemoStory.beside(hurried, careful).forEach(tell);
    return List.of(recogniser, hurried, careful);
  }

  private static DemoAudit clinical(String model, Path folder, DemoData patients) {
    return DemoAudit.of("clinical model, " + model, folder, model, patients)
        .with("--label", DemoModels.DIAGNOSIS, "--policy", "medical", "--defend", DEFENCES);
  }

  /** Trains on the file of members, writes the model, and audits the files. */
  private DemoResult audited(DemoAudit audit, String about, BiFunction<Path, Run, OnnxModel> how) {
    tell.accept("");
    tell.accept(audit.name() + ": " + about);
    how.apply(audit.data().members(), run).write(audit.model());
    DemoResult result = audit.run(run);
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
