package io.afterimage.attack.membership;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Predictions;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Cohort;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.Examples;
import io.afterimage.train.Head;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.RowAnswers;
import io.afterimage.train.Trainer;
import io.afterimage.train.Trainer.Trained;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tells from what a model answers about a person whether it learned from that person: networks with
 * one hidden layer of 64 units, as in Shokri et al. 2017, one for each group of people, that
 * learned it from models of which it is known.
 */
final class ShadowClassifier {
  private static final int[] HIDDEN = {64};
  private static final int BATCH = 128;
  private static final int EPOCHS = 30;
  private static final int MOST_ROWS = 20_000;

  private final Loss loss;
  private final double[] mean;
  private final double[] spread;
  private final List<OnnxModel> networks;

  private ShadowClassifier(Loss loss, double[] mean, double[] spread, List<OnnxModel> networks) {
    this.loss = loss;
    this.mean = mean;
    this.spread = spread;
    this.networks = networks;
  }

  /**
   * What is known of some people, row after row.
   *
   * @param cells numbers, as many for each person
   * @param groups of each person, from 0; somebody stands in each
   */
  record Table(double[] cells, int[] groups) {
    int rows() {
      return groups.length;
    }

    int width() {
      return cells.length / groups.length;
    }
  }

  /**
   * Learns from what models answered of which it is known whom they learned from. Of a group of
   * very many answers some are drawn.
   *
   * @param shadows for each of the first models what it answered about all suspects
   * @param groups of the suspects
   */
  static ShadowClassifier fit(
      List<double[]> shadows, int[] groups, ReferenceModels models, Run run) {
    int people = groups.length;
    int width = shadows.get(0).length / people;
    double[] cells = new double[Math.multiplyExact(shadows.size() * people, width)];
    int[] alike = new int[shadows.size() * people];
    boolean[] learned = new boolean[alike.length];
    int[] order = models.order(); // training must not depend on the order of files
    for (int i = 0; i < alike.length; i++) {
      int model = i / people;
      int person = order[i % people];
      System.arraycopy(shadows.get(model), person * width, cells, i * width, width);
      alike[i] = groups[person];
      learned[i] = models.learned(model, person);
    }
    return fit(new Table(cells, alike), learned, run);
  }

  private static ShadowClassifier fit(Table table, boolean[] learned, Run run) {
    int width = table.width();
    double[] mean = new double[width];
    double[] spread = new double[width];
    for (int column = 0; column < width; column++) {
      int at = column;
      double[] values =
          IntStream.range(0, table.rows())
              .mapToDouble(i -> table.cells()[i * width + at])
              .toArray();
      double middle = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(v -> (v - middle) * (v - middle)).average().orElseThrow();
      mean[column] = middle;
      spread[column] = variance > 0 ? Math.sqrt(variance) : 1;
    }
    int[] answers = IntStream.range(0, learned.length).map(i -> learned[i] ? 1 : 0).toArray();
    OnnxModel graph =
        Architectures.mlp(new Head.Classes(2), HIDDEN).over(new Shape(width), run.keyed("graph"));
    Loss loss = Loss.crossEntropy(graph);
    List<OnnxModel> networks =
        Cohort.train(
                graph,
                examples(scaled(table.cells(), mean, spread), width, answers),
                pupils(table.groups(), run),
                Cohort.Recipe.of(loss, Optimiser.Adam.of(1e-3), Trainer.Settings.of(EPOCHS, BATCH)),
                Optional.empty(),
                run)
            .stream()
            .map(Trained::model)
            .toList();
    return new ShadowClassifier(loss, mean, spread, networks);
  }

  private static List<Pupil> pupils(int[] groups, Run run) {
    int count = Arrays.stream(groups).max().orElseThrow() + 1;
    return IntStream.range(0, count)
        .mapToObj(
            group -> {
              int[] rows = rowsOf(groups, group);
              int[] drawn = run.shuffled("rows/" + group, rows.length);
              int[] some =
                  Arrays.stream(drawn).limit(MOST_ROWS).map(i -> rows[i]).sorted().toArray();
              return new Pupil("group-" + group, some);
            })
        .toList();
  }

  private static int[] rowsOf(int[] groups, int group) {
    return IntStream.range(0, groups.length).filter(i -> groups[i] == group).toArray();
  }

  private static float[] scaled(double[] cells, double[] mean, double[] spread) {
    float[] scaled = new float[cells.length];
    for (int i = 0; i < cells.length; i++) {
      int column = i % mean.length;
      scaled[i] = (float) ((cells[i] - mean[column]) / spread[column]);
    }
    return scaled;
  }

  private static Examples examples(float[] cells, int width, int[] answers) {
    return Examples.ofClasses(Architecture.INPUT, cells, new Shape(width), answers);
  }

  /** For each person the logarithm of the odds that the model learned from them. */
  double[] odds(Table table) {
    int width = table.width();
    float[] cells = scaled(table.cells(), mean, spread);
    double[] odds = new double[table.rows()];
    for (int group = 0; group < networks.size(); group++) {
      int[] rows = rowsOf(table.groups(), group);
      if (rows.length > 0) {
        float[] own = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
          System.arraycopy(cells, rows[i] * width, own, i * width, width);
        }
        Predictions answers =
            RowAnswers.of(networks.get(group), examples(own, width, new int[rows.length]), loss);
        for (int i = 0; i < rows.length; i++) {
          odds[rows[i]] = answers.get(i, 1) - answers.get(i, 0);
        }
      }
    }
    return odds;
  }
}
