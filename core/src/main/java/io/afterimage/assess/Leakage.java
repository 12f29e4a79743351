package io.afterimage.assess;

import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many people the evaluator picks out, against the queries that were asked about them: what the
 * adversary of a black box would have reached had it stopped earlier. The first point is of the
 * pictures that the attack started from, after no query; the last of what it handed in.
 *
 * @param classes that were rebuilt; the points count these, or some that were drawn of them
 * @param points fewest queries first
 */
public record Leakage(int classes, List<LeakagePoint> points) {
  /** The share of people recognised after so many queries. */
  public record LeakagePoint(long queries, Metric recognised) {}

  public Leakage {
    points = List.copyOf(points);
  }

  /**
   * That of what the judge saw; empty where nothing was asked, no evaluator could answer, or single
   * records were inverted: their pictures are nobody's best.
   */
  public static Optional<Leakage> of(Reconstructions evidence) {
    double[] end = evidence.judged().get(Reconstructions.RECOGNISED);
    double[] start = evidence.judged().get(Reconstructions.BASELINE_START);
    if (evidence.curve().isEmpty()
        || evidence.origins().count() > 0
        || end == null
        || start == null) {
      return Optional.empty();
    }
    int[] subjects = evidence.subjects();
    Interim interim = evidence.interim();
    int[] kept = interim.count() == 0 ? subjects : interim.classes();
    int[] places = Arrays.stream(kept).map(c -> Arrays.binarySearch(subjects, c)).toArray();
    List<LeakagePoint> points = new ArrayList<>();
    points.add(point(0, at(start, places)));
    points.addAll(between(evidence));
    CurvePoint last = evidence.curve().get(evidence.curve().size() - 1);
    points.add(point(last.queries(), at(end, places)));
    return Optional.of(new Leakage(subjects.length, points));
  }

  /** Where pictures were kept on the way. */
  private static List<LeakagePoint> between(Reconstructions evidence) {
    List<Long> queries = evidence.interim().queries();
    int each = evidence.interim().classes().length;
    double[] answers = evidence.judged().get(Reconstructions.INTERIM_RECOGNISED);
    return answers == null
        ? List.of()
        : IntStream.range(0, queries.size())
            .mapToObj(
                i -> point(queries.get(i), Arrays.copyOfRange(answers, i * each, (i + 1) * each)))
            .toList();
  }

  private static double[] at(double[] answers, int[] places) {
    return Arrays.stream(places).mapToDouble(place -> answers[place]).toArray();
  }

  private static LeakagePoint point(long queries, double[] answers) {
    return new LeakagePoint(queries, Interval.share(answers, Units.oneRowEach(answers.length)));
  }

  /** How many classes the points count. */
  public int counted() {
    return points.get(0).recognised().n();
  }

  /** Whether nothing is known between the start and the end. */
  public boolean endsOnly() {
    return points.size() == 2;
  }
}
