package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Product;
import io.afterimage.base.Run;
import io.afterimage.data.Sources;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Threads;
import io.afterimage.train.SupervisedStep.Score;
import io.afterimage.train.TrainingReport.Data;
import io.afterimage.train.TrainingReport.Graph;
import io.afterimage.train.TrainingReport.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One training, from files to a model: {@code model.onnx} and {@code training.json}. */
public final class Training {
  private final TrainingSpec spec;
  private final Run run;
  private final TrainingFolder folder;
  private final Prepared prepared;
  private final List<String> command;
  private final Map<String, Data> data;
  private final List<String> notes;
  private final Consumer<String> remark;

  private Training(
      TrainingSpec spec,
      Run run,
      TrainingFolder folder,
      Prepared prepared,
      Consumer<String> remark) {
    this.spec = spec;
    this.run = run;
    this.folder = folder;
    this.prepared = prepared;
    this.command = spec.resume() ? folder.begun().command() : spec.command();
    this.data = data(spec, prepared);
    this.notes = new ArrayList<>(prepared.notes());
    this.remark = remark;
  }

  /**
   * Trains, and writes the folder.
   *
   * @param remark prints a line for the user
   * @throws BadInputException where the input cannot be used, or the training diverges
   * @throws CancelledException where the user stopped it, saying what is saved
   */
  public static TrainingReport run(TrainingSpec spec, Run run, Consumer<String> remark) {
    Threads.setIntraOp(run.threads());
    TrainingFolder folder = TrainingFolder.open(spec.out(), spec.resume());
    try {
      Prepared prepared = Preparation.of(spec, run);
      prepared.notes().forEach(remark);
      return new Training(spec, run, folder, prepared, remark).run();
    } catch (CancelledException e) {
      throw folder.stopped();
    }
  }

  private TrainingReport run() {
    Recipe recipe = spec.recipe();
    int rows = prepared.members().rows();
    Trainer.Settings settings = recipe.settings(rows);
    Schedule schedule = recipe.pace().schedule(settings.steps(rows));
    TrainingReport begun = report("begun", List.of(), null, null, Map.of());
    try (SupervisedStep step =
            new SupervisedStep(
                    prepared.graph(),
                    prepared.members(),
                    prepared.loss(),
                    recipe.optimiser(),
                    recipe.clipNorm(),
                    run)
                .scoring(prepared.batch().orElse(SupervisedStep.ROWS_AT_ONCE))
                .with(GradientCanaries.of(prepared, settings, run));
        Course course = new Course(step, prepared.validation(), settings)) {
      folder.begin(begun);
      SavedCourse saved = new SavedCourse(step, course, folder.checkpoint(), spec, rows);
      Standing end = Trainer.run(step, rows, settings, schedule, saved, run);
      return done(step, course, settings, end);
    }
  }

  private TrainingReport done(
      SupervisedStep step, Course course, Trainer.Settings settings, Standing end) {
    course.restoreBest();
    Score own = step.score(prepared.members());
    OptionalDouble constant = step.constantLoss();
    int epochs = end.epochs().size();
    Trainer.requireReasonable(own.loss(), ConstantAnswer.bound(end, constant), epochs - 1);
    ConstantAnswer.warning(constant, own.loss(), epochs).ifPresent(this::note);
    OnnxModel model = prepared.export().apply(step.weights());
    Map<String, Result> scores = new LinkedHashMap<>();
    scores.put(TrainingSpec.MEMBERS, result(own));
    course.validate().ifPresent(v -> scores.put(TrainingSpec.NONMEMBERS, result(v)));
    TrainingReport report = report("done", end.epochs(), settings.kept(end), model, scores);
    prepared.canaries().ifPresent(canaries -> canaries.record(model).write(spec.out()));
    folder.end(model, report);
    return report;
  }

  private void note(String note) {
    notes.add(note);
    remark.accept(note);
  }

  /** A score as reports hold it. */
  static Result result(Score score) {
    return new Result(
        score.loss(), score.accuracy().isPresent() ? score.accuracy().getAsDouble() : null);
  }

  /** The report as {@code training.json} holds it. */
  public static String json(TrainingReport report) {
    return TrainingFolder.json(report);
  }

  private TrainingReport report(
      String status,
      List<Standing.Epoch> epochs,
      @Nullable Integer kept,
      @Nullable OnnxModel model,
      Map<String, Result> scores) {
    Recipe recipe = spec.recipe();
    int rows = prepared.members().rows();
    return new TrainingReport(
        TrainingReport.SCHEMA,
        status,
        versions(),
        command,
        graph(prepared.graph()),
        data,
        TrainingFolder.settings(
            spec, recipe.told(prepared.objective(), recipe.settings(rows).batch())),
        run.seed(),
        Threads.intraOp(),
        prepared.classes(),
        epochs,
        kept,
        model == null ? null : graph(model),
        scores,
        List.copyOf(notes));
  }

  static Graph graph(OnnxModel model) {
    return new Graph(model.sha256(), model.parameterCount());
  }

  /** The rows of each role. */
  static Map<String, Data> data(TrainingSpec spec, Prepared prepared) {
    Map<String, Data> data = new LinkedHashMap<>();
    spec.files()
        .forEach(
            (role, file) -> {
              boolean members = role.equals(TrainingSpec.MEMBERS);
              Examples examples =
                  members ? prepared.members() : prepared.validation().orElseThrow();
              int rows = members ? prepared.rows().rows() : examples.rows();
              data.put(role, new Data(rows, Sources.sha256(file), examples.sha256()));
            });
    return data;
  }

  /** Of all that numbers depend on. */
  static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>(Product.libraries());
    versions.put("afterimage", Product.version());
    versions.put("java", String.valueOf(System.getProperty("java.version")));
    return versions;
  }
}
