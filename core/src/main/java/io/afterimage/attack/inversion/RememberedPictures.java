package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.attack.inversion.picture.Smoothing;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.NormalisedChannels;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One run of {@link DeepInversion}. */
final class RememberedPictures {
  private final GradientTarget target;
  private final List<NormalisedChannels> remembered;
  private final DeepInversion.Settings settings;
  private final Run run;
  private final Shape shape;
  private final InputRange range;
  private final Raster raster;
  private final Rebuilt rebuilt;

  RememberedPictures(
      GradientTarget target,
      List<NormalisedChannels> remembered,
      Split split,
      DeepInversion.Settings settings,
      Run run) {
    TargetInfo info = target.info();
    this.target = target;
    this.remembered = remembered;
    this.settings = settings;
    this.run = run;
    this.shape = Rebuilt.shape(info, "deep-inversion");
    this.range = InputRange.of(split.reference(), settings.pixels());
    this.raster =
        new Raster(
            Planes.of(shape, split.reference())
                .orElseThrow(() -> Rebuilt.noPictures(info, "deep-inversion")));
    int smallest = Math.min(raster.planes().height(), raster.planes().width());
    check(
        settings.shift() < smallest,
        "--shift must be below %d, the pictures' shorter side, but is %d",
        smallest,
        settings.shift());
    this.rebuilt = new Rebuilt(target, shape, settings.restarts());
  }

  /** Batch after batch, each of all classes alike. */
  Reconstructions reconstructions() {
    int classes = target.info().classes().size();
    int together = Math.max(1, settings.batch() / classes);
    for (int from = 0; from < settings.restarts(); from += together) {
      rebuild(from, Math.min(settings.restarts(), from + together));
    }
    return rebuilt.evidence(settings.steps());
  }

  @SuppressWarnings("try") // the scope is there to close
  private void rebuild(int from, int to) {
    int[] rows = rebuilt.rows(from, to);
    try (TensorScope scope = new TensorScope();
        Draws draws = new Draws(run.seedFor("start/" + from))) {
      long[] extents = shape.batch(rows.length);
      Tensor start =
          Maths.clamp(
              draws.normal(extents).mul(range.width() / 4).add(range.middle()),
              range.low(),
              range.high());
      Tensor classes = rebuilt.classes(rows);
      RandomGenerator random = run.random("shift/" + from);
      Optimiser adam = Optimiser.Adam.of(settings.learningRate() * range.width());
      int[] kept = rebuilt.kept(rows);
      Way way = Way.of(kept);
      Tensor end =
          new Descending(adam, new Schedule.Cosine(), settings.steps())
              .from(
                  "deep-inversion",
                  start,
                  (at, step) -> cost(at, classes, random),
                  at -> InPlace.clamp(at, range.low(), range.high()),
                  way,
                  run);
      rebuilt.put(rows, start, end);
      int[] shown = Arrays.stream(kept).map(i -> rows[i]).toArray();
      way.forEach((at, step) -> rebuilt.passed(shown, at, step));
    }
  }

  private Tensor cost(Tensor at, Tensor classes, RandomGenerator random) {
    Tensor shown = raster.shifted(at, settings.shift(), random);
    GradientTarget.Inside inside = target.inside(shown, layers());
    Tensor cost = Nn.crossEntropy(inside.logits(), classes);
    cost = cost.add(distance(inside.features()), settings.normalisation());
    Tensor widths = raster.pictures(shown).sub(range.low()).div(range.width());
    if (settings.totalVariation() > 0) {
      cost = cost.add(Smoothing.totalVariation(widths).mean(), settings.totalVariation());
    }
    return cost.add(widths.square().mean(), settings.size());
  }

  private List<String> layers() {
    return remembered.stream().map(NormalisedChannels::value).distinct().toList();
  }

  private Tensor distance(Map<String, Tensor> features) {
    Tensor sum = Tensors.scalar(0f);
    for (NormalisedChannels of : remembered) {
      Tensor found = Objects.requireNonNull(features.get(of.value()));
      long[] others = IntStream.range(0, found.rank()).filter(a -> a != 1).asLongStream().toArray();
      Tensor mean = found.mean(true, others);
      Tensor variance = found.sub(mean).square().mean(false, others);
      sum = sum.add(length(mean.flatten(0), of.mean())).add(length(variance, of.variance()));
    }
    return sum;
  }

  /** The Euclidean distance of statistics, one a channel, from those of the training data. */
  private static Tensor length(Tensor found, double[] remembered) {
    return Maths.norm(
        found.sub(Tensors.of(remembered, remembered.length).to(found.dtype())), false, 0);
  }
}
