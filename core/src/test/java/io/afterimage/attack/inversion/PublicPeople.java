package io.afterimage.attack.inversion;

import io.afterimage.attack.fixture.Digits;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Digits with public rows, and how near pictures come to them. */
final class PublicPeople {
  private PublicPeople() {}

  /** So many members and non-members, and so many public rows. */
  static Split split(int rows, int publicRows, Run run) {
    return new Split(
        Digits.draw("members", rows, run),
        Digits.draw("others", rows, run),
        Optional.of(Digits.draw("public", publicRows, run)),
        Optional.empty());
  }

  /**
   * How far pictures are from their records, as mean squared differences of pixels.
   *
   * @param members of the members' reconstructions
   * @param nonMembers of the non-members'
   * @param classMean of the public rows' mean of the record's class, over both
   */
  record Distances(double members, double nonMembers, double classMean) {
    double all() {
      return (members + nonMembers) / 2;
    }
  }

  /** Of pictures of equally many members and non-members. */
  static Distances distances(Reconstructions rebuilt, Split split) {
    Map<String, float[]> pictures = new HashMap<>();
    Map<String, Integer> classes = new HashMap<>();
    for (Dataset rows : List.of(split.members(), split.nonMembers())) {
      for (int row = 0; row < rows.rows(); row++) {
        pictures.put(rows.id(row), picture(rows, row));
        classes.put(rows.id(row), rows.classes()[row]);
      }
    }
    float[][] means = means(split.population().orElseThrow());
    Origins origins = rebuilt.origins();
    double members = 0;
    double nonMembers = 0;
    double classMean = 0;
    for (int i = 0; i < rebuilt.count(); i++) {
      float[] truth = Objects.requireNonNull(pictures.get(origins.id(i)));
      double distance = distance(rebuilt.picture(i), truth);
      members += origins.isMember(i) ? distance : 0;
      nonMembers += origins.isMember(i) ? 0 : distance;
      classMean += distance(means[Objects.requireNonNull(classes.get(origins.id(i)))], truth);
    }
    int half = rebuilt.count() / 2;
    return new Distances(members / half, nonMembers / half, classMean / rebuilt.count());
  }

  /** The mean picture of each class. */
  static float[][] means(Dataset rows) {
    float[][] means = new float[Digits.CLASSES.size()][];
    for (int c = 0; c < means.length; c++) {
      int subject = c;
      int[] own =
          IntStream.range(0, rows.rows()).filter(row -> rows.classes()[row] == subject).toArray();
      means[c] = new float[Digits.SHAPE.size()];
      for (int row : own) {
        float[] picture = picture(rows, row);
        for (int i = 0; i < picture.length; i++) {
          means[c][i] += picture[i] / own.length;
        }
      }
    }
    return means;
  }

  static double distance(float[] a, float[] b) {
    return IntStream.range(0, a.length)
        .mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i]))
        .average()
        .orElseThrow();
  }

  private static float[] picture(Dataset rows, int row) {
    return ((Column.Array) rows.inputs().get(0)).row(row);
  }
}
