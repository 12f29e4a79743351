package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.decoder.Asked;
import io.afterimage.attack.inversion.decoder.Decoder;
import io.afterimage.attack.inversion.decoder.LeakedRows;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.decoder.ScoreVectors;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Interims;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One run of {@link InversionNetwork}: networks that learn from ever more of the public rows, the
 * last from all. The others take a third of its time together, and show what its answers' number
 * was worth.
 */
final class InvertedAnswers {
  private static final int MOST_NETWORKS = 4;

  private final ScoreTarget target;
  private final Split split;
  private final InversionNetwork.Settings settings;
  private final Run run;
  private final LeakedRows leaked;
  private final Asked asked;

  InvertedAnswers(ScoreTarget target, Split split, InversionNetwork.Settings settings, Run run) {
    this.target = target;
    this.split = split;
    this.settings = settings;
    this.run = run;
    boolean inverts = settings.invert() == InversionNetwork.Invert.ANSWERS;
    this.leaked = LeakedRows.of(split, inverts ? settings.answers() : 0, run);
    this.asked = new Asked(target, run);
  }

  /** What a network is given, and for which classes. */
  private record Given(float[] vectors, int[] classes) {}

  /** What a network made of it, how sure the target is of that, and steps of its training. */
  private record Drawn(float[] pixels, int[] classes, double[] confidence, int steps) {
    /** The surest picture of a class. */
    int surest(int subject) {
      return IntStream.range(0, classes.length)
          .filter(i -> classes[i] == subject)
          .reduce((one, other) -> confidence[other] > confidence[one] ? other : one)
          .orElseThrow();
    }

    float[] picture(int subject, Shape shape) {
      int from = surest(subject) * shape.size();
      return Arrays.copyOfRange(pixels, from, from + shape.size());
    }
  }

  Reconstructions reconstructions() {
    PublicRows.require(split);
    int networks = networks();
    PublicRows known = PublicRows.of(target, split, settings.publicRows(), others(networks), run);
    Predictions answers = asked.about(List.of(known.rows()));
    Predictions observed = leaked.count() > 0 ? asked.about(leaked.parts()) : first(answers, 0);
    List<CurvePoint> curve = new ArrayList<>();
    int[] all = IntStream.range(0, target.info().classes().size()).toArray();
    Interims interims = Interims.of(all, target.info().classes(), known.shape(), run);
    long spent = leaked.count();
    for (int smaller = networks - 1; smaller > 0; smaller--) {
      int rows = known.count() >> (2 * smaller);
      Drawn drawn = drawn(known.first(rows), first(answers, rows), observed, "/" + rows);
      spent += drawn.classes().length;
      curve.add(point(rows + spent, drawn));
      if (leaked.count() == 0) {
        interims.pass(rows + spent, subject -> drawn.picture(subject, known.shape()));
      }
    }
    Drawn drawn = drawn(known, answers, observed, "");
    curve.add(point(known.count() + spent + drawn.classes().length, drawn));
    long last = curve.get(curve.size() - 1).queries();
    return evidence(known, drawn, curve).after(interims.before(last));
  }

  /** So many that the one with the fewest rows, a quarter of the next one's, has enough. */
  private int networks() {
    int rows = split.population().orElseThrow().rows();
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    for (int networks = MOST_NETWORKS; networks > 1; networks--) {
      long known =
          Math.min(Math.min(rows, settings.publicRows().orElse(rows)), left - others(networks));
      if (known >> (2 * (networks - 1)) >= PublicRows.FEWEST) {
        return networks;
      }
    }
    return 1;
  }

  /** Questions besides those about the public rows. */
  private long others(int networks) {
    long pictures =
        leaked.count() > 0
            ? leaked.count()
            : (long) target.info().classes().size() * settings.pictures();
    return leaked.count() + networks * pictures;
  }

  private static Predictions first(Predictions answers, int rows) {
    double[] values = Arrays.copyOf(answers.values(), rows * answers.columns());
    return new Predictions(values, answers.columns(), answers.meaning());
  }

  /**
   * What a network draws that learned from these rows.
   *
   * @param observed answers that leaked; none where classes are drawn
   * @param share sets its randomness apart
   */
  private Drawn drawn(PublicRows known, Predictions answers, Predictions observed, String share) {
    ScoreVectors vectors = ScoreVectors.of(answers, target.answers());
    Decoder decoder =
        Decoder.learned(
            vectors.of(answers),
            known.pixels(),
            known.planes(),
            InputRange.of(known.rows(), settings.pixels()),
            settings.decoder(),
            run.keyed("inversion-network" + share));
    Given given = observed.rows() > 0 ? leaked(observed, vectors) : made(answers, vectors);
    float[] pixels = decoder.rebuilt(given.vectors());
    String input = known.rows().inputs().get(0).name();
    double[] confidence = asked.confidence(input, known.shape(), pixels, given.classes());
    return new Drawn(pixels, given.classes(), confidence, decoder.steps());
  }

  private static Given leaked(Predictions answers, ScoreVectors vectors) {
    int[] classes = IntStream.range(0, answers.rows()).map(answers::label).toArray();
    return new Given(vectors.of(answers), classes);
  }

  /** For each class the answer made up, then the surest that were seen. */
  private Given made(Predictions answers, ScoreVectors vectors) {
    int width = answers.columns();
    float[] sure = vectors.sure();
    float[] seen = vectors.of(answers);
    List<float[]> rows = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      rows.add(Arrays.copyOfRange(sure, c * width, (c + 1) * width));
      classes.add(c);
      for (int row : surest(answers, c, settings.pictures() - 1)) {
        rows.add(Arrays.copyOfRange(seen, row * width, (row + 1) * width));
        classes.add(c);
      }
    }
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return new Given(all, classes.stream().mapToInt(c -> c).toArray());
  }

  /** The answers that named a class, the surest first; so many at most. */
  private static int[] surest(Predictions answers, int subject, int most) {
    Predictions p = answers.probabilities();
    return IntStream.range(0, answers.rows())
        .filter(row -> answers.label(row) == subject)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> -p.get(row, subject)))
        .limit(most)
        .mapToInt(row -> row)
        .toArray();
  }

  /** After so many questions: the greatest confidence in each class, on average. */
  private static CurvePoint point(long queries, Drawn drawn) {
    int[] classes = drawn.classes();
    double mean =
        Arrays.stream(classes)
            .distinct()
            .mapToDouble(c -> drawn.confidence()[drawn.surest(c)])
            .average()
            .orElseThrow();
    return new CurvePoint(queries, mean);
  }

  private Reconstructions evidence(PublicRows known, Drawn drawn, List<CurvePoint> curve) {
    int[] steps = new int[drawn.classes().length];
    Arrays.fill(steps, drawn.steps());
    Origins origins = leaked.count() > 0 ? leaked.origins() : Origins.NONE;
    return Reconstructions.of(
            known.shape(),
            drawn.pixels(),
            known.means(steps.length),
            drawn.classes(),
            target.info().classes(),
            drawn.confidence(),
            steps,
            curve)
        .from(origins);
  }
}
