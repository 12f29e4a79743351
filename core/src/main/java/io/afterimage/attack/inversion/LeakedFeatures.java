package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.decoder.Asked;
import io.afterimage.attack.inversion.decoder.Decoder;
import io.afterimage.attack.inversion.decoder.LeakedRows;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.picture.InnerLayer;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Trails;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages;
import io.afterimage.target.FeatureTarget;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One run of {@link FeatureInversion}: whose features leaked, and what is made of them. */
final class LeakedFeatures {
  /** Of the noise that a descent starts from, in widths of the pixels' range. */
  private static final double NOISE = 0.05;

  private final FeatureTarget target;
  private final Split split;
  private final FeatureInversion.Settings settings;
  private final Run run;
  private final Shape shape;
  private final Planes planes;
  private final InputRange range;
  private final LeakedRows leaked;
  private final Asked asked;

  LeakedFeatures(FeatureTarget target, Split split, FeatureInversion.Settings settings, Run run) {
    this.target = target;
    this.split = split;
    this.settings = settings;
    this.run = run;
    this.shape =
        target
            .info()
            .arrayInput()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "feature-inversion rebuilds one array a row, but %s takes columns"
                            .formatted(target.info().name())));
    this.planes =
        Planes.of(shape, split.members()).orElseGet(() -> new Planes(1, 1, shape.size(), false));
    this.range = InputRange.of(split.reference(), settings.pixels());
    this.leaked = LeakedRows.of(split, settings.features(), run);
    this.asked = new Asked(target, run);
  }

  /** What came out: pictures, where they started, steps, and the way of some. */
  private record Inverted(float[] pixels, float[] start, int[] steps, Stages stages) {}

  Reconstructions reconstructions() {
    boolean decodes = settings.decodes(target);
    requireRows(decodes);
    List<Dataset> parts = leaked.parts();
    InnerLayer layer = InnerLayer.of(target, settings.layer(), parts.get(0).select(new int[] {0}));
    float[] features = joined(parts.stream().map(rows -> layer.of(rows, run)).toList());
    Predictions answers = asked.about(parts);
    int[] classes = IntStream.range(0, answers.rows()).map(answers::label).toArray();
    Inverted rebuilt = decodes ? decoded(layer, features) : descended(layer, features, classes);
    String input = split.members().inputs().get(0).name();
    return Reconstructions.of(
            shape,
            rebuilt.pixels(),
            rebuilt.start(),
            classes,
            target.info().classes(),
            asked.confidence(input, shape, rebuilt.pixels(), classes),
            rebuilt.steps(),
            List.of())
        .from(leaked.origins())
        .along(rebuilt.stages());
  }

  /** About each record: its features, its answer, the reconstruction's; and what inverts them. */
  private void requireRows(boolean decodes) {
    if (decodes) {
      PublicRows.require(split);
    }
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    long needed = 3L * leaked.count() + (decodes ? PublicRows.FEWEST : leaked.count());
    if (left < needed) {
      throw new BudgetExhaustedException(left, 0, needed);
    }
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private Inverted decoded(InnerLayer layer, float[] features) {
    int width = features.length / leaked.count();
    int most = Math.max(PublicRows.FEWEST, PublicRows.MOST_NUMBERS / width);
    OptionalInt wanted =
        OptionalInt.of(Math.min(settings.publicRows().orElse(Integer.MAX_VALUE), most));
    PublicRows known = PublicRows.of(target, split, wanted, leaked.count(), run);
    Decoder decoder =
        Decoder.learned(
            layer.of(known.rows(), run),
            known.pixels(),
            planes,
            range,
            settings.decoder(),
            run.keyed("feature-inversion"));
    int[] steps = new int[leaked.count()];
    Arrays.fill(steps, decoder.steps());
    return new Inverted(decoder.rebuilt(features), known.means(leaked.count()), steps, Stages.NONE);
  }

  private Inverted descended(InnerLayer layer, float[] features, int[] classes) {
    float[] start = start();
    float[] pixels = new float[start.length];
    int[] steps = new int[leaked.count()];
    Trails trails = Trails.of(Stages.kept(classes, shape));
    int together = settings.descent().together();
    for (int from = 0; from < leaked.count(); from += together) {
      int to = Math.min(leaked.count(), from + together);
      FeatureDescent.Outcome found = descended(layer, features, start, trails, from, to);
      System.arraycopy(found.pixels(), 0, pixels, from * shape.size(), found.pixels().length);
      System.arraycopy(found.steps(), 0, steps, from, to - from);
    }
    return new Inverted(pixels, start, steps, trails.stages());
  }

  @SuppressWarnings("try") // the scope is there to close
  private FeatureDescent.Outcome descended(
      InnerLayer layer, float[] features, float[] start, Trails trails, int from, int to) {
    int width = features.length / leaked.count();
    int size = shape.size();
    try (TensorScope scope = new TensorScope()) {
      Tensor wanted =
          Tensors.of(Arrays.copyOfRange(features, from * width, to * width), to - from, width);
      Tensor begin =
          Tensors.of(Arrays.copyOfRange(start, from * size, to * size), shape.batch(to - from));
      return FeatureDescent.run(
          target,
          layer.name(),
          wanted,
          begin,
          planes,
          range,
          settings.descent(),
          leaked.count(),
          trails.among(from, to),
          run);
    }
  }

  /** A little noise around the middle of the range, keyed by the record's id. */
  private float[] start() {
    float[] start = new float[Math.multiplyExact(leaked.count(), shape.size())];
    double middle = range.middle();
    Origins origins = leaked.origins();
    for (int row = 0; row < leaked.count(); row++) {
      RandomGenerator random = run.random("feature-inversion/start/" + origins.id(row));
      for (int i = 0; i < shape.size(); i++) {
        start[row * shape.size() + i] =
            (float) (middle + NOISE * range.width() * random.nextGaussian());
      }
    }
    return start;
  }
}
