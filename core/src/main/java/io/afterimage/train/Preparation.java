package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Classes;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Layout;
import io.afterimage.data.Overlap;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.target.PictureInput;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads the files of a training and lays its graph. */
final class Preparation {
  private static final double LARGEST_INPUT = 1000;

  private final TrainingSpec spec;
  private final Recipe recipe;
  private final Run run;
  private final List<String> notes = new ArrayList<>();

  private Preparation(TrainingSpec spec, Run run) {
    this.spec = spec;
    this.recipe = spec.recipe();
    this.run = run;
  }

  static Prepared of(TrainingSpec spec, Run run) {
    Preparation preparation = new Preparation(spec, run);
    return spec.network() instanceof Network.OfModel model
        ? preparation.ofModel(model)
        : preparation.ofBlueprint((Network.OfBlueprint) spec.network());
  }

  // ---- a model file

  private Prepared ofModel(Network.OfModel network) {
    OnnxModel file =
        Trainee.trainable(
            OnnxModel.read(network.file()).training(network.train(), network.freeze()));
    OpenedFile opened = OpenedFile.of(file, recipe.objective());
    notes.addAll(opened.notes());
    Objective objective =
        recipe.objective().orElseGet(() -> objective(opened.info().orElseThrow()));
    ReadOptions reading = spec.reading().withRegression(objective.regresses());
    Map<String, Dataset> rows = read(PictureInput.reading(reading, file, spec.layout()));
    check(
        spec.canaries().isEmpty() || opened.batch().isEmpty(),
        "--canaries need a graph of any number of rows, but %s takes exactly %d at once; export it with a free batch",
        file.name(),
        opened.batch().orElse(0));
    opened.requireWholeBatches(recipe.settings(members(rows).rows()).batch(), rows);
    List<String> classes = List.of();
    if (objective == Objective.CROSS_ENTROPY) {
      classes = classes(rows, opened.info().orElseThrow());
      rows = recoded(rows, classes);
    }
    OnnxModel form = form(opened.graph());
    OnnxModel graph = network.fromWeights() ? form : FreshWeights.of(form, run);
    Layout layout = spec.layout().orElseGet(() -> PictureInput.layout(file));
    return prepared(
            graph,
            rows,
            new ExampleMaker.Columns(graph, objective, run),
            objective,
            layout,
            graph::withWeights,
            classes)
        .inBatchesOf(opened.batch());
  }

  private static Objective objective(TargetInfo info) {
    return info.task() == Task.REGRESSION ? Objective.SQUARED_ERROR : Objective.CROSS_ENTROPY;
  }

  private List<String> classes(Map<String, Dataset> rows, TargetInfo info) {
    boolean named = spec.reading().classes().isPresent();
    return named ? label(members(rows)).dictionary() : info.classes();
  }

  private Map<String, Dataset> recoded(Map<String, Dataset> rows, List<String> classes) {
    Map<String, Dataset> recoded = new LinkedHashMap<>();
    rows.forEach(
        (role, dataset) -> {
          Classes.Recoded found = Classes.recode(dataset, classes);
          found.notices().stream().filter(n -> !notes.contains(n)).forEach(notes::add);
          recoded.put(role, found.rows());
        });
    return recoded;
  }

  // ---- an architecture

  private Prepared ofBlueprint(Network.OfBlueprint network) {
    boolean factorises = network.blueprint() == Blueprint.MATRIX_FACTORISATION;
    boolean regresses = recipe.objective().map(Objective::regresses).orElse(factorises);
    Map<String, Dataset> rows = read(spec.reading().withRegression(regresses));
    Dataset members = members(rows);
    Objective objective =
        recipe.objective().orElseGet(() -> objective(network.blueprint(), members));
    if (factorises) {
      return recommender(network, rows, objective);
    }
    List<String> classes =
        objective == Objective.CROSS_ENTROPY ? label(members).dictionary() : List.of();
    Head head = classes.isEmpty() ? new Head.Value() : new Head.Classes(distinct(members));
    Blueprint.Sizes sizes = network.sizes().withCoins(objective == Objective.BINARY_CROSS_ENTROPY);
    Architecture architecture = network.blueprint().of(head, sizes);
    Optional<Column.Array> array = array(members);
    int vocabulary = network.sizes().vocabulary();
    if (vocabulary > 0) {
      rows.forEach((role, of) -> Tokens.require(of, vocabulary));
    } else {
      array.flatMap(of -> scaleWarning(members, of)).ifPresent(notes::add);
    }
    if (array.isPresent()) {
      OnnxModel graph = form(architecture.over(array.get().shape(), run));
      ExampleMaker maker = new ExampleMaker.Arrays(objective, ExampleMaker::cells);
      return prepared(graph, rows, maker, objective, Layout.NCHW, graph::withWeights, classes);
    }
    Encoder encoder = Encoder.fit(members);
    OnnxModel graph = form(architecture.over(new Shape(encoder.width()), run));
    OnnxModel written = form(architecture.over(encoder, run));
    ExampleMaker maker =
        new ExampleMaker.Arrays(
            objective,
            dataset -> new ExampleMaker.Cells(encoder.encode(dataset), new Shape(encoder.width())));
    return prepared(graph, rows, maker, objective, Layout.NCHW, written::withWeights, classes);
  }

  private static Optional<String> scaleWarning(Dataset members, Column.Array array) {
    double greatest = 0;
    for (float value : array.values()) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest <= LARGEST_INPUT
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "column %s of --%s reaches %.3g; networks learn from numbers near 1: scale them before they are given",
                array.name(),
                members.name(),
                greatest));
  }

  private static Objective objective(Blueprint blueprint, Dataset members) {
    return switch (blueprint) {
      case AUTOENCODER -> Objective.RECONSTRUCTION;
      case MATRIX_FACTORISATION -> Objective.SQUARED_ERROR;
      default ->
          members.label().orElseThrow(Preparation::noLabel) instanceof Column.Categorical
              ? Objective.CROSS_ENTROPY
              : Objective.SQUARED_ERROR;
    };
  }

  private Prepared recommender(
      Network.OfBlueprint network, Map<String, Dataset> rows, Objective objective) {
    check(
        network.columns().size() == 2,
        "matrix factorisation needs the columns of users and items: name them with --user and --item");
    Dataset members = members(rows);
    double mean =
        objective == Objective.RANKING
            ? 0
            : Arrays.stream(ExampleMaker.values(members)).average().orElse(0);
    OnnxModel graph =
        form(
            Recommender.write(
                ExampleMaker.texts(members, network.columns().get(0)),
                ExampleMaker.texts(members, network.columns().get(1)),
                network.sizes().vectors(),
                mean,
                run));
    return prepared(
        graph,
        rows,
        new ExampleMaker.Columns(graph, objective, run),
        objective,
        Layout.NCHW,
        graph::withWeights,
        List.of());
  }

  // ---- both

  private Map<String, Dataset> read(ReadOptions reading) {
    DataReader.Loaded loaded = DataReader.read(spec.filesWithCanaries(), reading);
    notes.addAll(loaded.notices());
    loaded.datasets().forEach((role, rows) -> check(rows.rows() > 0, "--%s has no rows", role));
    requireDifferent(loaded.datasets());
    return loaded.datasets();
  }

  private static void requireDifferent(Map<String, Dataset> rows) {
    Dataset others = rows.get(TrainingSpec.NONMEMBERS);
    check(
        others == null || !Overlap.between(members(rows), others).identical(),
        "--members and --nonmembers hold the same rows; give rows that the model is not trained on");
  }

  private OnnxModel form(OnnxModel model) {
    if (recipe.batchNorm() != BatchNorm.NONE || recipe.dropout() > 0) {
      notes.add(
          "put back what exporters fold: batch normalisation %s, dropout %s"
              .formatted(
                  recipe.batchNorm() == BatchNorm.NONE ? "nowhere" : "after convolutions",
                  recipe.dropout()));
    }
    return TrainingForm.of(model, recipe.batchNorm(), recipe.dropout());
  }

  private Prepared prepared(
      OnnxModel graph,
      Map<String, Dataset> rows,
      ExampleMaker maker,
      Objective objective,
      Layout layout,
      Function<Map<String, Tensor>, OnnxModel> export,
      List<String> classes) {
    Dataset members = members(rows);
    check(
        objective == Objective.CROSS_ENTROPY
            || !(spec.canaries().orElse(null) instanceof CanarySpec.Mislabelled),
        "mislabelled canaries need --loss cross-entropy, which learns classes; choose --canary-kind dirac, or give rows of your own with --canary-file");
    Optional<Canaries> canaries =
        spec.canaries().map(laid -> Canaries.of(laid, file(), graph, rows, run));
    canaries.map(Canaries::note).ifPresent(notes::add);
    Dataset learned = canaries.map(drawn -> drawn.after(members)).orElse(members);
    return new Prepared(
        graph,
        members,
        varied(maker.of(learned), learned, layout),
        Optional.ofNullable(rows.get(TrainingSpec.NONMEMBERS)).map(maker::of),
        objective,
        objective.of(graph, recipe),
        OptionalInt.empty(),
        export,
        classes,
        canaries,
        notes.stream().distinct().toList());
  }

  private Path file() {
    return Optional.ofNullable(spec.files().get(TrainingSpec.MEMBERS)).orElseThrow();
  }

  private Examples varied(Examples examples, Dataset rows, Layout layout) {
    Examples moved =
        recipe.augmentation().equals(Augmentation.NONE)
            ? examples
            : new Varied(examples, new Augmented(recipe.augmentation(), layout, rows::id, run), 0);
    return recipe.noise() == 0 ? moved : new Varied(moved, new Noisy(recipe.noise(), run), 0);
  }

  private static Dataset members(Map<String, Dataset> rows) {
    Dataset members = rows.get(TrainingSpec.MEMBERS);
    if (members == null) {
      throw new IllegalArgumentException("no members were read");
    }
    return members;
  }

  private static Column.Categorical label(Dataset rows) {
    if (rows.label().orElseThrow(Preparation::noLabel) instanceof Column.Categorical label) {
      return label;
    }
    throw new BadInputException(
        "the label of %s is a number; name it in --categorical to tell classes apart, or choose --loss squared-error"
            .formatted(rows.name()));
  }

  private static BadInputException noLabel() {
    return new BadInputException("name the column to predict with --label");
  }

  /** How many classes there are; the members must show two of them. */
  private static int distinct(Dataset members) {
    Column.Categorical label = label(members);
    long shown = Arrays.stream(label.codes()).filter(code -> code >= 0).distinct().count();
    check(
        shown > 1,
        "label %s has %d class in --members; a classifier needs two at least",
        label.name(),
        shown);
    return label.dictionary().size();
  }

  private static Optional<Column.Array> array(Dataset rows) {
    List<Column> inputs = rows.inputs();
    check(!inputs.isEmpty(), "%s has no column to learn from", rows.name());
    return inputs.size() == 1 && inputs.get(0) instanceof Column.Array array
        ? Optional.of(array)
        : Optional.empty();
  }
}
