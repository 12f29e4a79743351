package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Seen;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The search of {@link Lokt} once surrogates have learned. Row {@code class * restarts + number}.
 */
final class KnowledgeTransfer {
  private final CountedLabels labels;
  private final LatentSpace space;
  private final Surrogates surrogates;
  private final Lokt.Settings settings;
  private final Run run;
  private final Shape shape;
  private final int classes;
  private final int each;
  private final float[] starts;
  private final float[] pixels;
  private final double[] leads;
  private final List<Searched> searched = new ArrayList<>();

  KnowledgeTransfer(
      CountedLabels labels,
      LatentSpace space,
      Surrogates surrogates,
      Lokt.Settings settings,
      Run run) {
    this.labels = labels;
    this.space = space;
    this.surrogates = surrogates;
    this.settings = settings;
    this.run = run;
    this.shape = space.row();
    this.classes = labels.classes().size();
    this.each = settings.walk().restarts();
    this.leads = new double[Math.multiplyExact(classes, each)];
    this.pixels = new float[Math.multiplyExact(leads.length, shape.size())];
    this.starts = new float[pixels.length];
  }

  /** Rows that were searched side by side, and where their vectors stood. */
  private record Searched(int[] rows, Way way) {}

  Reconstructions reconstructions() {
    int together = Math.max(1, settings.walk().batch() / classes);
    for (int from = 0; from < each; from += together) {
      int first = from;
      int to = Math.min(each, from + together);
      search(
          IntStream.range(0, leads.length)
              .filter(row -> row % each >= first && row % each < to)
              .toArray());
    }
    int[] wanted = IntStream.range(0, leads.length).map(row -> row / each).toArray();
    return evidence(labels.last(pixels, wanted), wanted);
  }

  @SuppressWarnings("try") // the scope is there to close
  private void search(int[] rows) {
    int[] wanted = Arrays.stream(rows).map(row -> row / each).toArray();
    int[] numbers = Arrays.stream(rows).map(row -> row % each).toArray();
    long[] wide = Arrays.stream(wanted).asLongStream().toArray();
    Walk walk = settings.walk();
    Way way = Way.ofAll();
    searched.add(new Searched(rows, way));
    try (TensorScope scope = new TensorScope()) {
      Tensor start = space.draw("latent", wanted, numbers);
      Tensor own = Tensors.of(wide, wide.length);
      Tensor end =
          walk.byAdam()
              .from(
                  "lokt",
                  start,
                  (at, step) -> surrogates.leads(surrogates.pictures(at, wanted), own).sum().neg(),
                  at -> InPlace.clamp(at, -settings.clip(), settings.clip()),
                  way,
                  run);
      put(rows, start, surrogates.pictures(end, wanted), own);
    }
  }

  /** Takes the pictures found, and what the prior makes of the vectors without the target. */
  @SuppressWarnings("try") // the guard is there to close
  private void put(int[] rows, Tensor start, Tensor found, Tensor wanted) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      double[] sure = surrogates.leads(found, wanted).toDoubles();
      float[] from = space.pictures(start).toFloats();
      float[] to = found.toFloats();
      for (int i = 0; i < rows.length; i++) {
        leads[rows[i]] = sure[i];
        System.arraycopy(from, i * shape.size(), starts, rows[i] * shape.size(), shape.size());
        System.arraycopy(to, i * shape.size(), pixels, rows[i] * shape.size(), shape.size());
      }
    }
  }

  /** Of each class those that the target names so come first, then by the surrogates' word. */
  private Reconstructions evidence(int[] named, int[] wanted) {
    double[] confidence = new double[leads.length]; // a label is all that was seen
    Arrays.setAll(confidence, row -> named[row] == wanted[row] ? 1 : 0);
    int[] order =
        IntStream.range(0, leads.length)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer row) -> wanted[row])
                    .thenComparingDouble(row -> -confidence[row])
                    .thenComparingDouble(row -> -leads[row]))
            .mapToInt(row -> row)
            .toArray();
    int[] steps = new int[leads.length];
    Arrays.fill(steps, settings.walk().steps());
    return Reconstructions.of(
            shape,
            ordered(order),
            starts, // drawn before the target was asked: no answer orders them
            wanted,
            labels.classes(),
            Arrays.stream(order).mapToDouble(row -> confidence[row]).toArray(),
            steps,
            labels.curve())
        .seeing(Seen.LABELS_AS_WANTED)
        .along(stages(order, Stages.kept(wanted, shape)));
  }

  /**
   * Where the searches for some of the reported pictures stood.
   *
   * @param order the row of each
   * @param kept which
   */
  private Stages stages(int[] order, int[] kept) {
    int[] reported = new int[order.length]; // where a row is reported; -1 where its way is not kept
    Arrays.fill(reported, -1);
    Arrays.stream(kept).forEach(place -> reported[order[place]] = place);
    List<Stage> stages = new ArrayList<>();
    for (Searched some : searched) {
      int[] shown =
          IntStream.range(0, some.rows.length).filter(i -> reported[some.rows[i]] >= 0).toArray();
      int[] rows = Arrays.stream(shown).map(i -> some.rows[i]).toArray();
      int[] wanted = Arrays.stream(rows).map(row -> row / each).toArray();
      if (shown.length > 0) {
        some.way.forEach(
            (at, step) -> {
              float[] seen = surrogates.pictures(Way.select(at, shown), wanted).toFloats();
              for (int i = 0; i < rows.length; i++) {
                stages.add(new Stage(reported[rows[i]], step, picture(seen, i)));
              }
            });
      }
    }
    return Stages.of(stages);
  }

  private float[] picture(float[] all, int index) {
    return Arrays.copyOfRange(all, index * shape.size(), (index + 1) * shape.size());
  }

  private float[] ordered(int[] order) {
    float[] ordered = new float[pixels.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(pixels, order[i] * shape.size(), ordered, i * shape.size(), shape.size());
    }
    return ordered;
  }
}
