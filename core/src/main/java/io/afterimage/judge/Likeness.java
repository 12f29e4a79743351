package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.Similarity.Ssim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * How near reconstructions lie to real pictures of their classes, members' and non-members', in the
 * part that was not known beforehand. Where a part was known, so is told of the pictures that the
 * attack started from: what that part alone gives.
 */
final class Likeness {
  // An exact copy has infinitely many decibels, which no mean survives.
  static final double MOST_DECIBELS = 100;

  private final Reconstructions attack;
  private final IntFunction<float[]> shown;
  private final String ending;
  private final Unknown unknown;
  private final Truth truth;
  private final Pictures members;
  private final Pictures nonMembers;
  private final Opinion opinion;

  /**
   * Real pictures.
   *
   * @param memberRows that the members were read from
   * @param planes how their pixels stand; empty where they are no pictures
   */
  record Truth(
      Pictures members,
      Dataset memberRows,
      Pictures nonMembers,
      Optional<Planes> planes,
      Run run) {}

  /**
   * @param shown the whole picture of each number
   * @param ending of the answers' names
   */
  private Likeness(
      Reconstructions attack,
      IntFunction<float[]> shown,
      String ending,
      Truth truth,
      Opinion opinion) {
    this.attack = attack;
    this.shown = shown;
    this.ending = ending;
    this.unknown = new Unknown(attack.shape().size(), attack.known());
    this.truth = truth;
    this.members = unknown.of(truth.members());
    this.nonMembers = unknown.of(truth.nonMembers());
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
  static void judge(Reconstructions attack, Truth truth, Opinion opinion) {
    new Likeness(attack, attack::picture, "", truth, opinion).compare();
    if (attack.known().length > 0) {
      new Likeness(attack, attack::startOf, Reconstructions.OF_START, truth, opinion).compare();
    }
  }

  private void compare() {
    compareWithMembers();
    compareWithNonMembers();
  }

  private void compareWithMembers() {
    if (Arrays.stream(attack.subjects()).anyMatch(c -> members.of(c).length == 0)) {
      for (String name :
          List.of(
              Reconstructions.IDENTIFIED,
              Reconstructions.NEAREST_MEMBER_ROW,
              Reconstructions.PSNR,
              Reconstructions.SSIM)) {
        none(name, "some rebuilt classes have no members");
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
    float width = truth.members().range().width();
    if (width == 0) {
      none(Reconstructions.PSNR, "all pixels of the members are alike");
      none(Reconstructions.SSIM, "all pixels of the members are alike");
      return;
    }
    List<Pairs> pairs = pairs();
    put(
        Reconstructions.PSNR,
        means(
            pairs,
            this::picture,
            members,
            (a, b) -> Math.min(MOST_DECIBELS, Similarity.psnr(a, b, width))));
    truth
        .planes()
        .flatMap(planes -> Ssim.of(planes, width, attack.known()))
        .ifPresentOrElse(
            ssim -> put(Reconstructions.SSIM, means(pairs, shown, truth.members(), ssim::between)),
            () -> none(Reconstructions.SSIM, noWindow()));
  }

  private String noWindow() {
    return attack.known().length == 0
        ? Ssim.tooSmall(attack.shape())
        : "it needs 11x11 pixels in one piece of which none was known beforehand";
  }

  /** The pairs of each subject. */
  private List<Pairs> pairs() {
    Pairs.Ground ground = new Pairs.Ground(members, truth.memberRows(), truth.run());
    List<Pairs> pairs = new ArrayList<>();
    int rebuilt = 0;
    int among = 0;
    boolean all = true;
    for (int subject : attack.subjects()) {
      int[] own = rebuilt(subject);
      Pairs found = ground.of(subject, own, this::picture);
      pairs.add(found);
      rebuilt = Math.max(rebuilt, found.rebuilt().length);
      among = Math.max(among, found.among());
      all &= found.rebuilt().length == own.length && found.among() == members.of(subject).length;
    }
    if (!all) {
      put(Reconstructions.PAIRED, new double[] {rebuilt, among});
    }
    return pairs;
  }

  private int[] rebuilt(int subject) {
    return IntStream.range(0, attack.count()).filter(i -> attack.classes()[i] == subject).toArray();
  }

  /** The mean over the pairs of each subject. */
  private static double[] means(
      List<Pairs> pairs,
      IntFunction<float[]> shown,
      Pictures members,
      ToDoubleBiFunction<float[], float[]> alike) {
    return pairs.stream()
        .mapToDouble(
            found ->
                IntStream.range(0, found.rebuilt().length)
                    .filter(i -> found.members()[i] >= 0)
                    .mapToDouble(
                        i ->
                            alike.applyAsDouble(
                                shown.apply(found.rebuilt()[i]),
                                members.pixels().get(found.members()[i])))
                    .average()
                    .orElseThrow())
        .toArray();
  }

  /** The part of a picture that is compared. */
  private float[] picture(int index) {
    return unknown.of(shown.apply(index));
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
    float[] picture = picture(index);
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
      none(Reconstructions.NEAREST_MEMBER, reason);
      none(Reconstructions.NEAREST_NONMEMBER, reason);
      none(Reconstructions.NEAREST_NONMEMBER_ROW, reason);
      return;
    }
    double[] shares =
        IntStream.range(0, attack.count())
            .mapToDouble(i -> nearest.share(picture(i), attack.classes()[i]))
            .toArray();
    put(Reconstructions.NEAREST_MEMBER, shares);
    answer(Reconstructions.NEAREST_NONMEMBER, i -> 1 - shares[i]);
    int[] rows = nearest(nonMembers);
    answer(Reconstructions.NEAREST_NONMEMBER_ROW, i -> nonMembers.rows()[rows[i]]);
  }

  private int[] nearest(Pictures pictures) {
    return IntStream.range(0, attack.count())
        .map(i -> Nearest.place(picture(i), pictures, attack.classes()[i]))
        .toArray();
  }

  private void answer(String name, IntToDoubleFunction of) {
    put(name, IntStream.range(0, attack.count()).mapToDouble(of).toArray());
  }

  private void put(String name, double[] values) {
    opinion.put(name + ending, values);
  }

  private void none(String name, String reason) {
    opinion.none(name + ending, reason);
  }
}
