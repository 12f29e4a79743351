package io.afterimage.judge;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.Classifier;
import io.afterimage.train.Forests;
import io.afterimage.train.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * What anyone could guess of a sensitive attribute without attacking the model: Jayaraman, Evans:
 * Are Attribute Inference Attacks Just Imputation? CCS 2022.
 *
 * <ul>
 *   <li>{@code majority}: the most frequent value;
 *   <li>{@code alone:COLUMN}: from one public attribute, by a decision tree; the five columns that
 *       guess best;
 *   <li>{@code other-attributes}: from all other inputs;
 *   <li>{@code other-attributes+response}: and the true label;
 *   <li>{@code other-attributes+answer}: in its place the model's answer, where a target is given.
 * </ul>
 *
 * <p>They learn from the population where there is one, as an adversary would; else from the
 * members and non-members themselves, each person guessed by a learner that saw none of that
 * person's rows. Members and non-members are guessed by the same learners, so that these guesses
 * remember nobody.
 */
final class ImputationBaselines {
  private static final int SINGLE_COLUMNS = 5;
  private static final int SINGLE_LEAF = 20;

  private final String attribute;
  private final List<String> values;
  private final Optional<Dataset> population;
  private final List<Dataset> people;
  private final Run run;

  ImputationBaselines(String attribute, List<String> values, Split split, Run run) {
    this.attribute = attribute;
    this.values = values;
    this.population = split.population();
    this.people = List.of(split.members(), split.nonMembers());
    this.run = run.keyed("imputation/" + attribute);
    long known =
        taught().stream().flatMapToInt(r -> Arrays.stream(truth(r))).filter(v -> v >= 0).count();
    if (known < 2) {
      throw new BadInputException(
          "%s is known for %d people; imputing it needs two at least".formatted(attribute, known));
    }
  }

  /** The true value of each row as an index, -1 where it is missing. */
  int[] truth(Dataset rows) {
    Column column = rows.column(attribute);
    Map<String, Integer> indices = new HashMap<>();
    values.forEach(value -> indices.put(value, indices.size()));
    return IntStream.range(0, rows.rows())
        .map(row -> indices.getOrDefault(column.text(row), -1))
        .toArray();
  }

  /**
   * Guesses by name, each about the members and then the non-members.
   *
   * @param target whose answers the guessers are given, in place of the true response; empty for
   *     guessers who know the response
   */
  Map<String, int[]> guesses(Optional<LabelTarget> target) {
    Dataset first = people.get(0);
    List<String> others = new ArrayList<>(first.schema().inputs());
    others.remove(attribute);
    Map<String, int[]> guesses = new LinkedHashMap<>();
    guesses.put("majority", impute(ImputationBaselines::constant, (s, r) -> Majority.of(s)));
    guesses.putAll(singles(others));
    if (!others.isEmpty()) {
      guesses.put("other-attributes", impute(encoded(others), Learner::fit));
    }
    List<String> label = first.schema().names(Role.LABEL);
    if (target.isPresent()) {
      guesses.put("other-attributes+answer", withAnswer(others, target.get()));
    } else if (!label.isEmpty()) {
      List<String> withResponse = new ArrayList<>(others);
      withResponse.addAll(label);
      guesses.put("other-attributes+response", impute(encoded(withResponse), Learner::fit));
    }
    return guesses;
  }

  /** How the rows of a role become numbers. */
  private interface View {
    Matrix of(Dataset rows);
  }

  private View encoded(List<String> columns) {
    return Encoding.of(all(), columns, run)::encode;
  }

  private int[] withAnswer(List<String> others, LabelTarget target) {
    View answer = rows -> answers(target, rows);
    View known = others.isEmpty() ? ImputationBaselines::constant : encoded(others);
    return impute(rows -> known.of(rows).beside(answer.of(rows)), Learner::fit);
  }

  /** Guesses from one column each, best first. */
  private Map<String, int[]> singles(List<String> others) {
    Map<String, int[]> guesses = new LinkedHashMap<>();
    for (String column : others) {
      if (!(people.get(0).column(column) instanceof Column.Array)) {
        guesses.put("alone:" + column, impute(encoded(List.of(column)), this::tree));
      }
    }
    int[] truth = people.stream().flatMapToInt(rows -> Arrays.stream(truth(rows))).toArray();
    Map<String, int[]> best = new LinkedHashMap<>();
    guesses.entrySet().stream()
        .sorted(Comparator.comparingLong(guess -> -right(guess.getValue(), truth)))
        .limit(SINGLE_COLUMNS)
        .forEach(guess -> best.put(guess.getKey(), guess.getValue()));
    return best;
  }

  private Classifier tree(Sample sample, Run own) {
    Forests.Settings settings = Forests.Settings.tree().withMinLeaf(SINGLE_LEAF);
    return Forests.grow(sample.table(), sample.labels(), sample.classes(), settings, own);
  }

  private int[] impute(View view, BiFunction<Sample, Run, Classifier> learner) {
    Sample asked = sample(view, people);
    if (population.isPresent()) {
      Sample taught = sample(view, taught()).labelled();
      Classifier classifier = learner.apply(taught, run);
      return IntStream.range(0, asked.rows())
          .map(row -> classifier.guess(asked.table(), row))
          .toArray();
    }
    return CrossFit.answers(
            asked, learner, (c, sample, row) -> c.guess(sample.table(), row), "imputation", run)
        .stream()
        .mapToInt(guess -> guess)
        .toArray();
  }

  private Sample sample(View view, List<Dataset> roles) {
    Matrix table = roles.stream().map(view::of).reduce(Matrix::above).orElseThrow();
    int[] truth = roles.stream().flatMapToInt(rows -> Arrays.stream(truth(rows))).toArray();
    return Sample.of(table, truth, values.size(), roles);
  }

  private List<Dataset> taught() {
    return population.map(List::of).orElse(people);
  }

  private List<Dataset> all() {
    List<Dataset> all = new ArrayList<>(people);
    population.ifPresent(all::add);
    return all;
  }

  private static Matrix constant(Dataset rows) {
    return new Matrix(new float[rows.rows()], 1);
  }

  private static Matrix answers(LabelTarget target, Dataset rows) {
    if (target instanceof ScoreTarget scores) {
      Predictions answers = scores.scores(rows).probabilities();
      float[] values = new float[answers.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) answers.values()[i];
      }
      return new Matrix(values, answers.columns());
    }
    int[] labels = target.labels(rows);
    int classes = target.info().classes().size();
    float[] indicators = new float[Math.multiplyExact(labels.length, classes)];
    for (int row = 0; row < labels.length; row++) {
      indicators[row * classes + labels[row]] = 1;
    }
    return new Matrix(indicators, classes);
  }

  private static long right(int[] guesses, int[] truth) {
    return IntStream.range(0, truth.length).filter(i -> guesses[i] == truth[i]).count();
  }

  /** Guesses the value that most of a sample has, whatever the row. */
  private record Majority(double[] shares) implements Classifier {
    static Majority of(Sample sample) {
      double[] shares = new double[sample.classes()];
      Arrays.stream(sample.labels()).forEach(label -> shares[label] += 1.0 / sample.rows());
      return new Majority(shares);
    }

    @Override
    public int classes() {
      return shares.length;
    }

    @Override
    public double[] probabilities(Matrix table, int row) {
      return shares.clone();
    }
  }
}
