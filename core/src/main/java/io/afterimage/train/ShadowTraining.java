package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.OutputFile;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.ShadowReport.Shadow;
import io.afterimage.train.Trainer.Trained;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many models of one graph and recipe, each trained on its own share of the members (shadow models,
 * Shokri, Stronati, Song, Shmatikov, S&amp;P 2017): {@code models/shadow-1.onnx} and so on, {@code
 * membership.csv} and {@code training.json}.
 */
public final class ShadowTraining {
  /** Draws of a long have 53 bits that a double can tell apart. */
  private static final double UNIT = 0x1.0p-53;

  /** Who learned from whom is held in memory, a truth value each. */
  private static final long MOST_COINS = 1L << 28;

  private static final int MOST_REMARKS = 3;

  private final ShadowSpec spec;
  private final Run run;
  private final ShadowFolder folder;
  private final Prepared prepared;
  private final List<Pupil> pupils;
  private final Consumer<String> remark;

  private ShadowTraining(
      ShadowSpec spec, Run run, ShadowFolder folder, Prepared prepared, Consumer<String> remark) {
    this.remark = remark;
    this.spec = spec;
    this.run = run;
    this.folder = folder;
    this.prepared = prepared;
    check(
        (long) spec.models() * prepared.rows().rows() <= MOST_COINS,
        "--models is %d of %d rows each, more than %d in all; lower it, or give fewer rows",
        spec.models(),
        prepared.rows().rows(),
        MOST_COINS);
    check(
        prepared.batch().isEmpty(),
        "--models needs a graph of any number of rows, but %s takes exactly %d at once; export it with a free batch",
        prepared.graph().name(),
        prepared.batch().orElse(0));
    this.pupils = IntStream.rangeClosed(1, spec.models()).mapToObj(this::pupil).toList();
  }

  /**
   * Trains, and writes the folder. What is already trained by the same recipe on the same rows is
   * taken from the cache.
   *
   * @param remark prints a line for the user
   * @throws BadInputException where the input cannot be used, or a training diverges
   * @throws CancelledException where the user stopped it, saying how many models are saved
   */
  public static ShadowReport run(ShadowSpec spec, Run run, Consumer<String> remark) {
    ShadowFolder folder = ShadowFolder.open(spec);
    try {
      Prepared prepared = Preparation.of(spec.training(), run);
      prepared.notes().forEach(remark);
      return new ShadowTraining(spec, run, folder, prepared, remark).run();
    } catch (CancelledException e) {
      throw stopped(folder.cache().count(), spec.models());
    }
  }

  private static CancelledException stopped(int trained, int models) {
    return new CancelledException(
        trained == 0
            ? "stopped before any of %d models was trained, so none is saved; --resume starts again"
                .formatted(models)
            : "stopped; %d of %d models are trained and saved, and --resume trains the others"
                .formatted(trained, models));
  }

  // Every person's coin is keyed by model and person: it tells nothing of other people's.
  private Pupil pupil(int number) {
    String name = "shadow-" + number;
    Dataset rows = prepared.rows();
    IntPredicate learned =
        row -> coin("membership/" + name + "/" + rows.person(row)) < spec.share();
    int[] chosen = IntStream.range(0, rows.rows()).filter(learned).toArray();
    check(
        chosen.length > 0 && chosen.length < rows.rows(),
        "--share %s leaves %s %d of %d rows; give more rows, or another share",
        spec.share(),
        name,
        chosen.length,
        rows.rows());
    return new Pupil(name, chosen);
  }

  private double coin(String key) {
    return (run.seedFor(key) >>> 11) * UNIT;
  }

  private ShadowReport run() {
    Recipe recipe = spec.training().recipe();
    Cohort.Recipe how =
        new Cohort.Recipe(
            prepared.loss(), recipe.optimiser(), settings(), recipe.pace(), recipe.clipNorm());
    ShadowReport report = report(shadows(how));
    remarkUseless(report.models());
    folder.end(membership(), report);
    return report;
  }

  private void remarkUseless(List<Shadow> models) {
    OptionalDouble constant = ConstantAnswer.loss(prepared.loss(), prepared.members());
    models.stream()
        .flatMap(
            model ->
                ConstantAnswer.warning(constant, model.learned().loss(), model.losses().size())
                    .map(warning -> model.name() + ": " + warning)
                    .stream())
        .limit(MOST_REMARKS)
        .forEach(remark);
  }

  private Trainer.Settings settings() {
    int fewest = pupils.stream().mapToInt(pupil -> pupil.rows().length).min().orElseThrow();
    return spec.training().recipe().settings(fewest);
  }

  private List<Shadow> shadows(Cohort.Recipe how) {
    try (TensorScope owner = TensorScope.owner()) {
      Examples members = prepared.members().resident(owner);
      Optional<Examples> validation = prepared.validation().map(v -> v.resident(owner));
      List<Trained> trained =
          Cohort.train(
              prepared.graph(), members, validation, pupils, how, Optional.of(folder.cache()), run);
      return Workers.map(
          run,
          "scores",
          pupils.size(),
          i -> shadow(pupils.get(i), trained.get(i), members, validation));
    }
  }

  private Shadow shadow(
      Pupil pupil, Trained trained, Examples members, Optional<Examples> validation) {
    TrainingRecord record = trained.record();
    int[] others = others(pupil);
    try (SupervisedStep step =
        new SupervisedStep(trained.model(), members, prepared.loss(), record.optimiser())) {
      OnnxModel model = prepared.export().apply(step.weights());
      Path file = folder.write(pupil.name(), model);
      return new Shadow(
          pupil.name(),
          file.toString(),
          model.sha256(),
          pupil.rows().length,
          record.losses(),
          record.validationLosses(),
          record.kept(),
          Training.result(step.score(new Chosen(members, pupil.rows()))),
          Training.result(step.score(new Chosen(members, others))),
          validation.map(step::score).map(Training::result).orElse(null));
    }
  }

  private int[] others(Pupil pupil) {
    boolean[] learned = learned(pupil);
    return IntStream.range(0, learned.length).filter(row -> !learned[row]).toArray();
  }

  private boolean[] learned(Pupil pupil) {
    boolean[] learned = new boolean[prepared.rows().rows()];
    for (int row : pupil.rows()) {
      learned[row] = true;
    }
    return learned;
  }

  /**
   * A line a record: its id, and for each model whether it learned from it. Ids stay exact, for
   * programs find the records by them; whoever opens the file in a spreadsheet imports them as
   * text.
   */
  private OutputFile.Body membership() {
    List<boolean[]> learned = pupils.stream().map(this::learned).toList();
    String head = pupils.stream().map(Pupil::name).collect(Collectors.joining(","));
    return out -> {
      out.write(("id," + head + "\n").getBytes(UTF_8));
      for (int row = 0; row < prepared.rows().rows(); row++) {
        int at = row;
        String coins =
            learned.stream().map(of -> of[at] ? "1" : "0").collect(Collectors.joining(","));
        String id = prepared.rows().id(row).replace("\"", "\"\"");
        out.write(("\"" + id + "\"," + coins + "\n").getBytes(UTF_8));
      }
    };
  }

  private ShadowReport report(List<Shadow> models) {
    TrainingSpec training = spec.training();
    return new ShadowReport(
        ShadowReport.SCHEMA,
        Training.versions(),
        training.command(),
        Training.graph(prepared.graph()),
        Training.data(training, prepared),
        TrainingFolder.settings(
                training, training.recipe().told(prepared.objective(), settings().batch()))
            .put("models", spec.models())
            .put("share", spec.share()),
        run.seed(),
        run.threads(),
        prepared.classes(),
        models,
        prepared.notes());
  }

  /** The report as {@code training.json} holds it. */
  public static String json(ShadowReport report) {
    return TrainingFolder.json(report);
  }
}
