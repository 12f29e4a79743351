package io.afterimage.assess;

import io.afterimage.base.Run;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Evidence whose truth is known. */
final class Draws {
  private Draws() {}

  static RandomGenerator random(String key, int seed) {
    return Run.of(seed).random(key);
  }

  static double[] normal(RandomGenerator random, int count, double mean) {
    return DoubleStream.generate(() -> mean + random.nextGaussian()).limit(count).toArray();
  }

  static double[] coins(RandomGenerator random, int count, double share) {
    return DoubleStream.generate(() -> random.nextDouble() < share ? 1 : 0).limit(count).toArray();
  }

  /** Persons with as many rows each; the rows of one stand together. */
  static Units persons(int persons, int rowsEach) {
    return Units.of(names(persons, rowsEach));
  }

  static List<String> names(int persons, int rowsEach) {
    return IntStream.range(0, persons * rowsEach).mapToObj(row -> "p" + row / rowsEach).toList();
  }

  /** Normal scores, of which half the variance belongs to the person. */
  static double[] clustered(RandomGenerator random, int persons, int rowsEach, double mean) {
    double[] scores = new double[persons * rowsEach];
    for (int person = 0; person < persons; person++) {
      double own = random.nextGaussian();
      for (int row = 0; row < rowsEach; row++) {
        scores[person * rowsEach + row] = mean + Math.sqrt(0.5) * (own + random.nextGaussian());
      }
    }
    return scores;
  }
}
