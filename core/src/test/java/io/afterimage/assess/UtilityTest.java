package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.evidence.People;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UtilityTest {
  private static final Run RUN = Run.of(2);

  @Test
  void measuresAccuracyCalibrationAndBrierScore() {
    double[] probabilities = {.8, .2, .8, .2, .3, .7, .9, .1};
    Map<String, Metric> metrics =
        Utility.classifier(probabilities, new int[] {0, 1, 1, -1}, people(4), RUN);
    assertThat(value(metrics, "accuracy")).isCloseTo(2 / 3.0, within(1e-12));
    // .8 twice, once right: a gap of .6 in the bin's sum; .7 once, right: .3; over three rows.
    assertThat(value(metrics, "calibrationError")).isCloseTo((.6 + .3) / 3, within(1e-9));
    assertThat(value(metrics, "brier")).isCloseTo((.08 + 1.28 + .18) / 3, within(1e-9));
  }

  @Test
  void readsACalibratedModelAsSuchAndAnOverconfidentOneNot() {
    RandomGenerator random = Draws.random("calibrated", 1);
    double[] calibrated = new double[20_000];
    int[] classes = new int[10_000];
    double[] sure = new double[20_000];
    for (int row = 0; row < classes.length; row++) {
      double p = random.nextDouble();
      classes[row] = random.nextDouble() < p ? 0 : 1;
      calibrated[2 * row] = p;
      calibrated[2 * row + 1] = 1 - p;
      sure[2 * row] = p > .5 ? 1 : 0;
      sure[2 * row + 1] = p > .5 ? 0 : 1;
    }
    assertThat(
            value(Utility.classifier(calibrated, classes, people(10_000), RUN), "calibrationError"))
        .isLessThan(.03);
    // Right with 75%, sure with 100%.
    assertThat(value(Utility.classifier(sure, classes, people(10_000), RUN), "calibrationError"))
        .isCloseTo(.25, within(.02));
  }

  @Test
  void coversRSquaredOfAKnownModel() {
    // The truth is the answer plus noise of equal variance: R² is 0.5.
    Coverage.covers(
        100,
        .5,
        seed -> {
          RandomGenerator random = Draws.random("regressor", seed);
          double[] answers = Draws.normal(random, 300, 0);
          double[] truth =
              IntStream.range(0, 300)
                  .mapToDouble(i -> answers[i] + random.nextGaussian())
                  .toArray();
          return metric(Utility.regressor(answers, truth, people(300), RUN), "r2");
        });
  }

  @Test
  void leavesRSquaredUnresolvedWhereTheTruthDoesNotVary() {
    Map<String, Metric> metrics =
        Utility.regressor(new double[] {1, 2}, new double[] {3, 3}, people(2), RUN);
    assertThat(metric(metrics, "r2").resolved()).isFalse();
    assertThat(value(metrics, "rmse")).isCloseTo(Math.sqrt(2.5), within(1e-12));
  }

  private static double value(Map<String, Metric> metrics, String name) {
    Double value = metric(metrics, name).value();
    return value == null ? Double.NaN : value;
  }

  private static Metric metric(Map<String, Metric> metrics, String name) {
    return metrics.getOrDefault(name, Metric.unresolved(0, "missing"));
  }

  private static People people(int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
    return new People(ids, ids, new int[0]);
  }
}
