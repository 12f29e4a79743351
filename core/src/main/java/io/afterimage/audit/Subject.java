package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Classes;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.DataReader.Loaded;
import io.afterimage.data.Dataset;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.FeatureTarget;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.ObservedFeatures;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.PictureInput;
import io.afterimage.target.RecordedTarget;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Target;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.target.UnsupportedModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The model and the rows, opened together: the model's input says how pictures are read, and the
 * rows show what the model's answers mean.
 *
 * @param model the graph; empty where only its predictions are at hand
 * @param scorer the model as its owner asks it
 * @param blackBox who is asked; with its inner values where the adversary has these and no more
 * @param whiteBox the same model with gradients; empty where the file or the adversary gives none
 * @param noWhiteBox why there is none; empty where there is
 * @param batch how many rows the graph takes at once: free, rewritten, fixed or mixing
 * @param split the rows by role; an absent role has none
 * @param notices what was assumed on the way, for the report
 */
record Subject(
    Optional<OnnxModel> model,
    ScoreTarget scorer,
    ScoreTarget blackBox,
    Optional<GradientTarget> whiteBox,
    String noWhiteBox,
    String batch,
    Split split,
    List<String> notices)
    implements AutoCloseable {

  static Subject open(AuditSpec spec, Run run) {
    return spec.model().isPresent()
        ? ofModel(spec, spec.model().get(), run)
        : ofPredictions(spec, run);
  }

  private static Subject ofModel(AuditSpec spec, Path file, Run run) {
    OnnxModel model = OnnxModel.read(file);
    OnnxOptions options =
        new OnnxOptions(run.threads(), spec.outputs(), List.of(), Optional.empty());
    Optional<TargetInfo> first = firstLook(model, options);
    boolean regression = first.filter(info -> info.task() == Task.REGRESSION).isPresent();
    Loaded loaded = DataReader.read(spec.roles(), reading(spec, model, regression));
    List<String> notices = new ArrayList<>(loaded.notices());
    Dataset sample = loaded.datasets().values().iterator().next();
    List<String> classes =
        named(spec, sample, first.map(TargetInfo::classes).orElse(List.of()), notices);
    OnnxTarget target = OnnxTarget.open(model, options.withSample(sample).withClasses(classes));
    notices.addAll(target.notices());
    Split split = split(loaded, target.info(), notices);
    return around(target, split, notices, spec, run);
  }

  /** Rows of one more file, read together with the others and under the target's classes. */
  Dataset alsoRead(AuditSpec spec, String name, Path file) {
    Map<String, Path> files = new LinkedHashMap<>(spec.roles());
    files.put(name, file);
    boolean regression = info().task() == Task.REGRESSION;
    ReadOptions options = reading(spec, model.orElseThrow(), regression);
    Dataset rows = DataReader.read(files, options).get(name);
    return regression || rows.label().isEmpty()
        ? rows
        : Classes.recode(rows, info().classes()).rows();
  }

  /** The graph as it is run: for any number of rows, where that could be had. */
  Optional<OnnxModel> graph() {
    return scorer instanceof OnnxTarget target ? Optional.of(target.graph()) : model;
  }

  /** A model with the same inputs and answers, opened for the same adversary. */
  Subject like(OnnxModel other, AuditSpec spec, Run run) {
    OnnxOptions options =
        new OnnxOptions(
            run.threads(), spec.outputs(), info().classes(), Optional.of(split.members()));
    return around(OnnxTarget.open(other, options), split, notices, spec, run);
  }

  private static Subject around(
      OnnxTarget target, Split split, List<String> notices, AuditSpec spec, Run run) {
    Optional<OnnxModel> model = Optional.of(target.model());
    String batch = target.batch().kind().name().toLowerCase(Locale.ROOT);
    Optional<Access> asked = spec.access();
    if (asked.isPresent() && asked.get() == Access.FEATURES) {
      ScoreTarget reached = new ObservedFeatures(InterpretedTarget.of(target).heeding(run));
      String why = "the adversary has FEATURES";
      return new Subject(model, target, reached, Optional.empty(), why, batch, split, notices);
    }
    if (asked.isPresent() && asked.get() != Access.GRADIENTS) {
      ScoreTarget reached = Restricted.to(asked.get(), target, run);
      String why = "the adversary has " + asked.get();
      return new Subject(model, target, reached, Optional.empty(), why, batch, split, notices);
    }
    try {
      Optional<GradientTarget> whiteBox = Optional.of(InterpretedTarget.of(target).heeding(run));
      return new Subject(model, target, target, whiteBox, "", batch, split, notices);
    } catch (BadInputException e) {
      String why = String.valueOf(e.getMessage());
      check(asked.isEmpty(), "--access GRADIENTS cannot be had: %s", why);
      List<String> noted = new ArrayList<>(notices);
      noted.add("no white box: " + why);
      return new Subject(model, target, target, Optional.empty(), why, batch, split, noted);
    }
  }

  // What a file leaves open, such as the names of its labels, rows and --classes may settle.
  private static Optional<TargetInfo> firstLook(OnnxModel model, OnnxOptions options) {
    try (OnnxTarget first = OnnxTarget.open(model, options)) {
      return Optional.of(first.info());
    } catch (UnsupportedModelException e) {
      return Optional.empty();
    }
  }

  private static Subject ofPredictions(AuditSpec spec, Run run) {
    Loaded loaded = DataReader.read(spec.tables(), spec.reading());
    RecordedTarget target =
        RecordedTarget.of("predictions", List.copyOf(loaded.datasets().values()));
    List<String> notices = new ArrayList<>(loaded.notices());
    List<String> answers = RecordedTarget.answerColumns(loaded.get("members"));
    Split split =
        split(loaded, target.info(), notices)
            .map(rows -> rows.with(rows.schema().ignoring(answers)));
    ScoreTarget reached =
        spec.access().map(access -> Restricted.to(access, target, run)).orElse(target);
    return new Subject(
        Optional.empty(),
        target,
        reached,
        Optional.empty(),
        "a file of predictions has no gradients",
        "free",
        split,
        notices);
  }

  private static ReadOptions reading(AuditSpec spec, OnnxModel model, boolean regression) {
    return PictureInput.reading(spec.reading().withRegression(regression), model, spec.layout());
  }

  private static Split split(Loaded loaded, TargetInfo target, List<String> notices) {
    loaded
        .datasets()
        .forEach(
            (role, rows) ->
                check(rows.rows() > 1, "--%s has %d rows; give at least two", role, rows.rows()));
    Dataset any = loaded.datasets().values().iterator().next();
    Split split =
        new Split(
            role(loaded, "members").orElse(any.select(new int[0])),
            role(loaded, "nonmembers").orElse(any.select(new int[0])),
            role(loaded, "population"),
            role(loaded, "evaluation"));
    if (target.task() == Task.REGRESSION || any.label().isEmpty()) {
      return split;
    }
    return split.map(rows -> ofTargetsClasses(rows, target, notices));
  }

  /**
   * Public pictures may be of other classes: then their labels are nothing to the model. Those of a
   * table are more likely written otherwise. They may have none at all.
   */
  private static Dataset ofTargetsClasses(Dataset rows, TargetInfo target, List<String> notices) {
    boolean pictures = rows.inputs().stream().allMatch(Column.Array.class::isInstance);
    if (rows.name().equals("population") && pictures) {
      if (rows.label().isEmpty()) {
        return rows;
      }
      Optional<String> others = Classes.others(rows, target.classes());
      if (others.isPresent()) {
        notices.add(others.get());
        return rows.with(rows.schema().ignoring(rows.schema().names(Role.LABEL)));
      }
    }
    Classes.Recoded recoded = Classes.recode(rows, target.classes());
    recoded.notices().stream().filter(n -> !notices.contains(n)).forEach(notices::add);
    return recoded.rows();
  }

  /** The classes as the user's file or the labels name them; none to leave the model's own. */
  private static List<String> named(
      AuditSpec spec, Dataset rows, List<String> counted, List<String> notices) {
    if (!(rows.label().orElse(null) instanceof Column.Categorical label)) {
      return List.of();
    }
    if (spec.reading().classes().isPresent()) {
      return label.dictionary();
    }
    Optional<String> notice = Classes.byPlace(label.dictionary(), counted);
    notice.ifPresent(notices::add);
    return notice.isPresent() ? label.dictionary() : List.of();
  }

  private static Optional<Dataset> role(Loaded loaded, String name) {
    return Optional.ofNullable(loaded.datasets().get(name));
  }

  TargetInfo info() {
    return blackBox.info();
  }

  /** The most that the adversary sees. */
  Access access() {
    return whiteBox.isPresent() ? Access.GRADIENTS : info().access();
  }

  /** Whether one row is one array: a picture, or a row of an array file. */
  boolean takesPictures() {
    return split.members().columns().stream().anyMatch(Column.Array.class::isInstance);
  }

  /** What this attack is mounted on. */
  LabelTarget reach(Attack<?, ?, ?> attack) {
    boolean looksInside = attack.info().access().covers(Access.FEATURES);
    return whiteBox.isPresent() && looksInside ? whiteBox.get() : blackBox;
  }

  /** Why this attack cannot be mounted; empty where it can. */
  Optional<String> refusal(Attack<?, ?, ?> attack) {
    Access needed = attack.info().access();
    if (attack.info().asksNewInputs() && model.isEmpty()) {
      return Optional.of("a file of predictions answers for its own rows only");
    }
    if (access().covers(needed)) {
      LabelTarget reached = reach(attack);
      return Attacks.reaches(attack, reached)
          ? Attacks.unsuited(attack, reached)
          : Optional.empty();
    }
    return Optional.of("needs %s; %s".formatted(needed, noWhiteBox));
  }

  @Override
  public void close() {
    // What looks inside closes the black box that it was made from.
    Target outer = blackBox instanceof FeatureTarget ? blackBox : scorer;
    whiteBox.map(Target.class::cast).orElse(outer).close();
  }
}
