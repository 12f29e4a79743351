package io.afterimage.judge;

import io.afterimage.data.Planes;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.Similarity.Ssim;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** How near reconstructions lie to real pictures of their classes, members' and non-members'. */
final class Likeness {
  // An exact copy has infinitely many decibels, which no mean survives.
  static final double MOST_DECIBELS = 100;

  private final Reconstructions attack;
  private final Pictures members;
  private final Pictures nonMembers;
  private final Optional<Planes> planes;
  private final Opinion opinion;

  private Likeness(
      Reconstructions attack,
      Pictures members,
      Pictures nonMembers,
      Optional<Planes> planes,
      Opinion opinion) {
    this.attack = attack;
    this.members = members;
    this.nonMembers = nonMembers;
    this.planes = planes;
    this.opinion = opinion;
  }

  /** The names of what is answered or refused. */
  static List<String> answers() {
    return List.of(
        Reconstructions.IDENTIFIED,
        Reconstructions.NEAREST_MEMBER,
        Reconstructions.NEAREST_NONMEMBER,
        Reconstructions.NEAREST_MEMBER_ROW,
        Reconstructions.NEAREST_NONMEMBER_ROW,
        Reconstructions.PSNR,
        Reconstructions.SSIM);
  }

  /** Writes into the opinion how near each reconstruction is. */
  static void judge(
      Reconstructions attack,
      Pictures members,
      Pictures nonMembers,
      Optional<Planes> planes,
      Opinion opinion) {
    Likeness likeness = new Likeness(attack, members, nonMembers, planes, opinion);
    likeness.compareWithMembers();
    likeness.compareWithNonMembers();
  }

  private void compareWithMembers() {
    if (Arrays.stream(attack.subjects()).anyMatch(c -> members.of(c).length == 0)) {
      for (String name :
          List.of(
              Reconstructions.IDENTIFIED,
              Reconstructions.NEAREST_MEMBER_ROW,
              Reconstructions.PSNR,
              Reconstructions.SSIM)) {
        opinion.none(name, "some rebuilt classes have no members");
      }
      return;
    }
    Map<Integer, float[]> means = classMeans();
    answer(Reconstructions.IDENTIFIED, i -> identified(i, means));
    int[] nearest = nearest(members);
    answer(Reconstructions.NEAREST_MEMBER_ROW, i -> members.rows()[nearest[i]]);
    likeness();
  }

  private void likeness() {
    float width = members.range().width();
    if (width == 0) {
      opinion.none(Reconstructions.PSNR, "all pixels of the members are alike");
      opinion.none(Reconstructions.SSIM, "all pixels of the members are alike");
      return;
    }
    int[][] paired = Arrays.stream(attack.subjects()).mapToObj(this::paired).toArray(int[][]::new);
    opinion.put(
        Reconstructions.PSNR,
        means(paired, (a, b) -> Math.min(MOST_DECIBELS, Similarity.psnr(a, b, width))));
    planes
        .flatMap(p -> Ssim.of(p, width))
        .ifPresentOrElse(
            ssim -> opinion.put(Reconstructions.SSIM, means(paired, ssim::between)),
            () -> opinion.none(Reconstructions.SSIM, Ssim.tooSmall(attack.shape())));
  }

  /**
   * The member that each reconstruction of a subject is assigned to, so that they correlate best
   * together; -1 where there are fewer members and others took them.
   */
  private int[] paired(int subject) {
    int[] places = members.of(subject);
    double[][] cost =
        IntStream.of(rebuilt(subject))
            .mapToObj(i -> Nearest.correlations(attack.picture(i), members, subject))
            .map(row -> Arrays.stream(row).map(correlation -> -correlation).toArray())
            .toArray(double[][]::new);
    return Arrays.stream(Assignment.of(cost)).map(i -> i < 0 ? i : places[i]).toArray();
  }

  private int[] rebuilt(int subject) {
    return IntStream.range(0, attack.count()).filter(i -> attack.classes()[i] == subject).toArray();
  }

  /** The mean over the pairs of each subject. */
  private double[] means(int[][] paired, ToDoubleBiFunction<float[], float[]> alike) {
    int[] subjects = attack.subjects();
    double[] means = new double[subjects.length];
    for (int s = 0; s < means.length; s++) {
      int[] rebuilt = rebuilt(subjects[s]);
      int[] partner = paired[s];
      means[s] =
          IntStream.range(0, rebuilt.length)
              .filter(i -> partner[i] >= 0)
              .mapToDouble(
                  i ->
                      alike.applyAsDouble(
                          attack.picture(rebuilt[i]), members.pixels().get(partner[i])))
              .average()
              .orElseThrow();
    }
    return means;
  }

  private Map<Integer, float[]> classMeans() {
    Map<Integer, float[]> means = new LinkedHashMap<>();
    for (int subject = 0; subject < attack.classNames().size(); subject++) {
      int[] places = members.of(subject);
      if (places.length > 0) {
        means.put(subject, members.mean(places));
      }
    }
    return means;
  }

  private double identified(int index, Map<Integer, float[]> means) {
    float[] picture = attack.picture(index);
    int subject = attack.classes()[index];
    double own = correlation(picture, means, subject);
    boolean another =
        means.keySet().stream()
            .anyMatch(other -> other != subject && correlation(picture, means, other) >= own);
    return another ? 0 : 1;
  }

  private static double correlation(float[] picture, Map<Integer, float[]> means, int subject) {
    return Similarity.correlation(picture, means.getOrDefault(subject, picture));
  }

  private void compareWithNonMembers() {
    Nearest nearest = new Nearest(members, nonMembers);
    if (!Arrays.stream(attack.subjects()).allMatch(nearest::comparable)) {
      String reason =
          nonMembers.count() == 0
              ? "there are no non-members to compare with"
              : "some rebuilt classes lack members or non-members";
      opinion.none(Reconstructions.NEAREST_MEMBER, reason);
      opinion.none(Reconstructions.NEAREST_NONMEMBER, reason);
      opinion.none(Reconstructions.NEAREST_NONMEMBER_ROW, reason);
      return;
    }
    double[] shares =
        IntStream.range(0, attack.count())
            .mapToDouble(i -> nearest.share(attack.picture(i), attack.classes()[i]))
            .toArray();
    opinion.put(Reconstructions.NEAREST_MEMBER, shares);
    answer(Reconstructions.NEAREST_NONMEMBER, i -> 1 - shares[i]);
    int[] rows = nearest(nonMembers);
    answer(Reconstructions.NEAREST_NONMEMBER_ROW, i -> nonMembers.rows()[rows[i]]);
  }

  private int[] nearest(Pictures pictures) {
    return IntStream.range(0, attack.count())
        .map(i -> Nearest.place(attack.picture(i), pictures, attack.classes()[i]))
        .toArray();
  }

  private void answer(String name, IntToDoubleFunction of) {
    opinion.put(name, IntStream.range(0, attack.count()).mapToDouble(of).toArray());
  }
}
