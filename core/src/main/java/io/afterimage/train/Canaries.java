package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Joined;
import io.afterimage.data.Sources;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import io.afterimage.train.CanaryRecord.Gradient;
import io.afterimage.train.CanaryRecord.Row;
import io.afterimage.train.CanaryRecord.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The canaries of one training, drawn. Everything about a canary is keyed by its id: its coin tells
 * nothing of another's, and a training that is continued draws the same.
 *
 * @param source the file whose rows they are; empty where they are gradients
 * @param pool that the rows are of
 * @param rows canaries that are rows of the pool
 * @param gradients canaries that are gradients, with the numbers that training starts from
 * @param norm of these gradients
 */
record Canaries(
    Optional<Source> source,
    Optional<Dataset> pool,
    List<Row> rows,
    List<Gradient> gradients,
    double norm) {
  /** The role of a file of the user's own. */
  static final String ROLE = "canaries";

  /**
   * Draws them.
   *
   * @param graph with the weights that training starts from
   * @param read the rows of each role, of the user's own canaries among them
   */
  static Canaries of(
      CanarySpec spec, Path members, OnnxModel graph, Map<String, Dataset> read, Run run) {
    if (spec instanceof CanarySpec.Dirac dirac) {
      return new Canaries(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          new Coordinates(graph, run).drawn(dirac.count()),
          dirac.norm());
    }
    if (spec instanceof CanarySpec.Own own) {
      Dataset pool = Optional.ofNullable(read.get(ROLE)).orElseThrow();
      return ofRows(own.file(), pool, own(pool, run));
    }
    Dataset pool = Optional.ofNullable(read.get(TrainingSpec.MEMBERS)).orElseThrow();
    return ofRows(members, pool, mislabelled(((CanarySpec.Mislabelled) spec).count(), pool, run));
  }

  private static Canaries ofRows(Path file, Dataset pool, List<Row> rows) {
    check(
        rows.stream().map(Row::id).distinct().count() == rows.size(),
        "canaries need an id each, but some rows of %s have the same",
        file);
    Source source = new Source(file.toAbsolutePath().normalize().toString(), Sources.sha256(file));
    return new Canaries(Optional.of(source), Optional.of(pool), rows, List.of(), 0);
  }

  private static boolean coin(String id, Run run) {
    return run.seedFor("canary/coin/" + id) < 0;
  }

  private static List<Row> own(Dataset pool, Run run) {
    return IntStream.range(0, pool.rows())
        .mapToObj(row -> new Row(pool.id(row), coin(pool.id(row), run), row, null))
        .toList();
  }

  private static List<Row> mislabelled(int count, Dataset pool, Run run) {
    check(
        pool.label().orElse(null) instanceof Column.Categorical label
            && label.dictionary().size() > 1,
        "mislabelled canaries need classes; choose --canary-kind dirac, or give rows of your own with --canary-file");
    check(
        count <= pool.rows(),
        "--canaries is %d, but --members has %d rows to copy; lower it",
        count,
        pool.rows());
    Comparator<Integer> drawn =
        Comparator.comparingLong(row -> run.seedFor("canary/copied/" + pool.id(row)));
    return IntStream.range(0, pool.rows())
        .boxed()
        .sorted(drawn)
        .limit(count)
        .map(row -> mislabelled(pool, row, run))
        .toList();
  }

  private static Row mislabelled(Dataset pool, int row, Run run) {
    Column.Categorical label = (Column.Categorical) pool.label().orElseThrow();
    int classes = label.dictionary().size();
    String id = "mislabelled/" + pool.id(row);
    int on = 1 + run.random("canary/label/" + id).nextInt(classes - 1);
    String wrong = label.dictionary().get((label.code(row) + on) % classes);
    return new Row(id, coin(id, run), row, wrong);
  }

  /** The members and, after them, the rows whose coin put them into training. */
  Dataset after(Dataset members) {
    return pool.map(from -> Joined.ofSameCategories(members.name(), members, included(from)))
        .orElse(members);
  }

  private Dataset included(Dataset from) {
    return relabelled(from, rows.stream().filter(Row::included).toList());
  }

  /** The rows of these canaries, under the labels that they are trained under. */
  static Dataset relabelled(Dataset pool, List<Row> canaries) {
    Dataset rows = pool.select(canaries.stream().mapToInt(Row::row).toArray());
    if (!(rows.label().orElse(null) instanceof Column.Categorical label)) {
      return rows;
    }
    int[] codes = Arrays.copyOf(label.codes(), rows.rows());
    for (int i = 0; i < codes.length; i++) {
      String wrong = canaries.get(i).label();
      codes[i] = wrong == null ? codes[i] : label.dictionary().indexOf(wrong);
    }
    return rows.with(new Column.Categorical(label.name(), codes, label.dictionary()));
  }

  int count() {
    return rows.size() + gradients.size();
  }

  /** What the user should know. */
  String note() {
    long in =
        rows.stream().filter(Row::included).count()
            + gradients.stream().filter(Gradient::included).count();
    return String.format(
        Locale.ROOT,
        "%d canaries, of which coins put %d into training; canaries.json says which, keep it as secret as the members",
        count(),
        in);
  }

  /** What is kept of them beside the model. */
  CanaryRecord record(OnnxModel trained) {
    return new CanaryRecord(
        CanaryRecord.SCHEMA, trained.sha256(), source.orElse(null), rows, gradients);
  }

  /** Draws coordinates of the trained parameters, each once. */
  private static final class Coordinates {
    private final OnnxModel graph;
    private final List<Parameter> parameters;
    private final Run run;
    private final Set<Long> taken = new HashSet<>();

    Coordinates(OnnxModel graph, Run run) {
      this.graph = graph;
      this.parameters = graph.parameters().stream().filter(Parameter::trainable).toList();
      this.run = run;
    }

    List<Gradient> drawn(int count) {
      long all = graph.parameterCount();
      check(
          count <= all / 2,
          "--canaries is %d, but there are %d parameters to point along, of which half are left alone; lower it",
          count,
          all);
      Map<String, double[]> start = Trainee.values(graph);
      List<Gradient> gradients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        gradients.add(gradient("dirac/" + i, all, start));
      }
      return gradients;
    }

    private Gradient gradient(String id, long all, Map<String, double[]> start) {
      RandomGenerator random = run.random("canary/coordinate/" + id);
      long at = random.nextLong(all);
      while (!taken.add(at)) {
        at = random.nextLong(all);
      }
      for (Parameter parameter : parameters) {
        if (at < parameter.count()) {
          double[] numbers = Optional.ofNullable(start.get(parameter.name())).orElseThrow();
          return new Gradient(id, coin(id, run), parameter.name(), (int) at, numbers[(int) at]);
        }
        at -= parameter.count();
      }
      throw new IllegalStateException("a coordinate beyond the last parameter");
    }
  }
}
