package io.afterimage.judge;

import static io.afterimage.evidence.Reconstructions.COVERAGE;
import static io.afterimage.evidence.Reconstructions.DENSITY;
import static io.afterimage.evidence.Reconstructions.DRAWN;
import static io.afterimage.evidence.Reconstructions.FRECHET;
import static io.afterimage.evidence.Reconstructions.OF_START;
import static io.afterimage.evidence.Reconstructions.OVER_ALL;
import static io.afterimage.evidence.Reconstructions.PRECISION;
import static io.afterimage.evidence.Reconstructions.RECALL;

import io.afterimage.base.Run;
import io.afterimage.judge.FrechetDistance.Moments;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.tensor.Threads;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How pictures are distributed beside members of the same classes, by the evaluator's features:
 * {@link FrechetDistance}, and {@link Neighbourhoods} within each class and over all. What so few
 * pictures cannot show is refused, with the number that is needed.
 *
 * @param members features of members: subject, picture, feature; any number of pictures a subject
 * @param names the subjects' names
 * @param run draws classes for the Fréchet distance's replicates
 */
record Distributions(double[][][] members, List<String> names, Run run) {
  private static final List<String> NEIGHBOURLY = List.of(PRECISION, RECALL, DENSITY, COVERAGE);
  private static final int DRAWS = 100;
  private static final int DRAWS_AT_ONCE = 50;

  /** The names of what is answered or refused. */
  static List<String> answers() {
    return Stream.of("", OF_START).flatMap(of -> answers(of).stream()).toList();
  }

  private static List<String> answers(String of) {
    return Stream.concat(
            Stream.of(FRECHET + of),
            NEIGHBOURLY.stream().flatMap(name -> Stream.of(name + of, name + OVER_ALL + of)))
        .toList();
  }

  /**
   * Writes into the opinion how these pictures are distributed.
   *
   * @param pictures their features, of each subject as many as of members
   * @param of ends the names of the answers
   */
  void judge(double[][][] pictures, String of, Opinion opinion) {
    for (int i = 0; i < members.length; i++) {
      if (members[i].length == 0) {
        String reason = names.get(i) + " has no member to compare with";
        answers(of).forEach(name -> opinion.none(name, reason));
        return;
      }
    }
    frechet(pictures, of, opinion);
    withinClasses(pictures, of, opinion);
    overAll(pictures, OVER_ALL + of, opinion);
  }

  private void frechet(double[][][] pictures, String of, Opinion opinion) {
    int count = first(members.length);
    int features = members[0][0].length;
    int needed = FrechetDistance.ROWS_A_FEATURE * features;
    if (count < needed) {
      opinion.none(
          FRECHET + of,
          ("it needs %d reconstructions and %d members, in equal numbers of each class: %d for"
                  + " each of the evaluator's %d features; there are %d")
              .formatted(needed, needed, FrechetDistance.ROWS_A_FEATURE, features, count));
      return;
    }
    // Two threads that share roots of such small matrices take ten times as long as one.
    double[] distances = Threads.alone(() -> distances(pictures));
    opinion.put(FRECHET + of, new double[] {distances[0]});
    opinion.put(FRECHET + of + DRAWN, Arrays.copyOfRange(distances, 1, distances.length));
  }

  /** The distance of all classes, then of each draw of them; none is drawn from a single class. */
  @SuppressWarnings("try") // scopes are there to close
  private double[] distances(double[][][] pictures) {
    int classes = members.length;
    double[] distances = new double[1 + (classes < 2 ? 0 : DRAWS)];
    double[] drawn = drawn(distances.length);
    try (TensorScope scope = new TensorScope()) {
      double[] centre = centre();
      Moments real = Moments.of(members, centre);
      Moments rebuilt = Moments.of(pictures, centre);
      for (int from = 0; from < distances.length; from += DRAWS_AT_ONCE) {
        run.checkCancelled();
        int count = Math.min(DRAWS_AT_ONCE, distances.length - from);
        double[] some = Arrays.copyOfRange(drawn, from * classes, (from + count) * classes);
        try (TensorScope inner = new TensorScope()) {
          Tensor often = Tensors.of(some, count, classes);
          double[] found = FrechetDistance.between(real, rebuilt, often).toDoubles();
          System.arraycopy(found, 0, distances, from, count);
        }
      }
    }
    return distances;
  }

  /** How often each class was drawn: at first once, then as chance wants it. */
  private double[] drawn(int draws) {
    int classes = members.length;
    double[] drawn = new double[draws * classes];
    Arrays.fill(drawn, 0, classes, 1);
    RandomGenerator random = run.random("classes drawn");
    for (int i = classes; i < drawn.length; i++) {
      drawn[i / classes * classes + random.nextInt(classes)]++;
    }
    return drawn;
  }

  private double[] centre() {
    double[] centre = new double[members[0][0].length];
    double[][] rows = all(members);
    for (double[] row : rows) {
      for (int i = 0; i < centre.length; i++) {
        centre[i] += row[i] / rows.length;
      }
    }
    return centre;
  }

  private void withinClasses(double[][][] pictures, String of, Opinion opinion) {
    for (int i = 0; i < members.length; i++) {
      if (members[i].length < Neighbourhoods.FEWEST) {
        String few =
            "of each class; of %s there are %d of both".formatted(names.get(i), members[i].length);
        refuse(few, of, opinion);
        return;
      }
    }
    answer(i -> Neighbourhoods.of(members[i], pictures[i]), of, opinion);
  }

  private void overAll(double[][][] pictures, String of, Opinion opinion) {
    double[][] real = all(members);
    if (real.length < Neighbourhoods.FEWEST) {
      refuse("in equal numbers of each class; there are " + real.length, of, opinion);
      return;
    }
    Neighbourhoods whole = Neighbourhoods.of(real, all(pictures));
    answer(i -> whole.rows(first(i), first(i + 1)), of, opinion);
  }

  private static void refuse(String few, String of, Opinion opinion) {
    String reason =
        "it needs %d reconstructions and %d members, %d times its %d neighbours, %s"
            .formatted(
                Neighbourhoods.FEWEST,
                Neighbourhoods.FEWEST,
                Neighbourhoods.FEWEST / Neighbourhoods.NEIGHBOURS,
                Neighbourhoods.NEIGHBOURS,
                few);
    NEIGHBOURLY.forEach(name -> opinion.none(name + of, reason));
  }

  /** Writes the mean of each answer over the pictures of each subject. */
  private void answer(IntFunction<Neighbourhoods> subject, String of, Opinion opinion) {
    List<Neighbourhoods> each = IntStream.range(0, members.length).mapToObj(subject).toList();
    opinion.put(PRECISION + of, means(each, Neighbourhoods::precision));
    opinion.put(RECALL + of, means(each, Neighbourhoods::recall));
    opinion.put(DENSITY + of, means(each, Neighbourhoods::density));
    opinion.put(COVERAGE + of, means(each, Neighbourhoods::coverage));
  }

  private static double[] means(
      List<Neighbourhoods> each, Function<Neighbourhoods, double[]> answer) {
    return each.stream()
        .mapToDouble(subject -> Arrays.stream(answer.apply(subject)).average().orElseThrow())
        .toArray();
  }

  private static double[][] all(double[][][] features) {
    return Arrays.stream(features).flatMap(Arrays::stream).toArray(double[][]::new);
  }

  /** Where the first picture of a subject stands among all. */
  private int first(int subject) {
    return Arrays.stream(members).limit(subject).mapToInt(rows -> rows.length).sum();
  }
}
