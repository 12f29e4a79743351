package io.afterimage.report;

import io.afterimage.base.Checks;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.StructuralLeaks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Whether the parts of evidence that was read fit together. */
final class EvidenceChecks {
  private static final Set<String> PER_PICTURE =
      Set.of(
          Reconstructions.RANK,
          Reconstructions.FORCED_RANK,
          Reconstructions.IDENTIFIED,
          Reconstructions.NEAREST_MEMBER,
          Reconstructions.NEAREST_NONMEMBER,
          Reconstructions.NEAREST_MEMBER_ROW,
          Reconstructions.NEAREST_NONMEMBER_ROW,
          Reconstructions.RECORD_PSNR,
          Reconstructions.RECORD_SSIM,
          Reconstructions.RECORD_PSNR + Reconstructions.OF_POPULATION_MEAN,
          Reconstructions.RECORD_SSIM + Reconstructions.OF_POPULATION_MEAN);

  /** How the names of answers about each subject begin. */
  private static final Set<String> PER_SUBJECT =
      Set.of(
          Reconstructions.RECOGNISED,
          Reconstructions.BASELINE,
          Reconstructions.PSNR,
          Reconstructions.SSIM,
          Reconstructions.PRECISION,
          Reconstructions.RECALL,
          Reconstructions.DENSITY,
          Reconstructions.COVERAGE);

  private EvidenceChecks() {}

  static void check(Object evidence) {
    if (evidence instanceof MembershipScores scores) {
      membership(scores);
    } else if (evidence instanceof AttributeGuesses guesses) {
      guesses(guesses.members(), guesses.values().size());
      guesses(guesses.nonMembers(), guesses.values().size());
    } else if (evidence instanceof Reconstructions rebuilt) {
      rebuilt(rebuilt);
    } else if (evidence instanceof StructuralLeaks leaks) {
      structure(leaks);
    } else if (evidence instanceof Pictures pictures) {
      pictures(pictures);
    }
  }

  private static void membership(MembershipScores scores) {
    people(scores.members());
    people(scores.nonMembers());
    for (Signal signal : scores.signals().values()) {
      length("scores of members", signal.members().length, scores.members().count());
      length("scores of non-members", signal.nonMembers().length, scores.nonMembers().count());
    }
  }

  private static void guesses(Guesses guesses, int values) {
    people(guesses.people());
    length("guesses", guesses.attack().length, guesses.people().count());
    indices("guesses", guesses.attack(), -1, values);
    indices("true values", guesses.truth(), -1, values);
    if (guesses.truth().length > 0) {
      length("true values", guesses.truth().length, guesses.people().count());
    }
    for (int[] baseline : guesses.baselines().values()) {
      length("guesses of a baseline", baseline.length, guesses.people().count());
    }
  }

  private static void people(People people) {
    length("persons", people.persons().size(), people.count());
    if (people.classes().length > 0) {
      length("classes", people.classes().length, people.count());
    }
  }

  private static void rebuilt(Reconstructions rebuilt) {
    for (int extent : rebuilt.shape().extents()) {
      Checks.check(extent > 0, "its shape %s is not one", rebuilt.shape());
    }
    length(
        "pixels",
        rebuilt.pixels().length,
        Math.multiplyExact(rebuilt.count(), rebuilt.shape().size()));
    length("confidences", rebuilt.confidence().length, rebuilt.count());
    length("steps", rebuilt.steps().length, rebuilt.count());
    indices("classes", rebuilt.classes(), 0, rebuilt.classNames().size());
    indices("known pixels", rebuilt.known(), 0, rebuilt.shape().size());
    rebuilt.judged().forEach((name, answers) -> judged(name, answers.length, rebuilt));
    fooled(rebuilt);
    people(rebuilt.origins().members());
    people(rebuilt.origins().nonMembers());
    if (rebuilt.origins().count() > 0) {
      length("records behind them", rebuilt.origins().count(), rebuilt.count());
    }
    stages(rebuilt.stages(), rebuilt);
    interim(rebuilt.interim(), rebuilt);
  }

  private static void stages(Stages stages, Reconstructions rebuilt) {
    int count = stages.rows().length;
    length("steps of stages", stages.steps().length, count);
    length(
        "pixels of stages",
        stages.pixels().length,
        Math.multiplyExact(count, rebuilt.shape().size()));
    indices("stages' reconstructions", stages.rows(), 0, rebuilt.count());
  }

  private static void interim(Interim interim, Reconstructions rebuilt) {
    int[] subjects = rebuilt.subjects();
    length(
        "pixels of interim pictures",
        interim.pixels().length,
        Math.multiplyExact(
            Math.multiplyExact(interim.queries().size(), interim.classes().length),
            rebuilt.shape().size()));
    Checks.check(
        Arrays.stream(interim.classes()).allMatch(c -> Arrays.binarySearch(subjects, c) >= 0),
        "one of its interim pictures is of a class that was not rebuilt");
    List<Long> queries = new ArrayList<>(interim.queries());
    rebuilt.curve().stream().map(CurvePoint::queries).reduce((a, b) -> b).ifPresent(queries::add);
    Checks.check(
        interim.queries().isEmpty()
            || (!rebuilt.curve().isEmpty() && interim.queries().get(0) > 0 && ascending(queries)),
        "the queries of its interim pictures do not ascend from 1 to below all that were spent");
  }

  private static boolean ascending(List<Long> numbers) {
    return IntStream.range(1, numbers.size()).allMatch(i -> numbers.get(i - 1) < numbers.get(i));
  }

  private static void judged(String name, int answers, Reconstructions rebuilt) {
    String counted =
        name.endsWith(Reconstructions.OF_START)
            ? name.substring(0, name.length() - Reconstructions.OF_START.length())
            : name;
    if (PER_PICTURE.contains(counted)) {
      length("answers " + name, answers, rebuilt.count());
    } else if (name.equals(Reconstructions.FRECHET)
        || name.equals(Reconstructions.FRECHET + Reconstructions.OF_START)) {
      length("answers " + name, answers, 1);
    } else if (name.equals(Reconstructions.INTERIM_RECOGNISED)) {
      length("answers " + name, answers, rebuilt.interim().count());
    } else if (name.startsWith(Reconstructions.PAIRED)) {
      length("answers " + name, answers, 2);
    } else if (PER_SUBJECT.stream().anyMatch(name::startsWith)) {
      length("answers " + name, answers, rebuilt.subjects().length);
    }
  }

  private static void fooled(Reconstructions rebuilt) {
    double[] noise = rebuilt.judged().get(Reconstructions.EVALUATOR_FOOLING_NOISE);
    double[] classes = rebuilt.judged().get(Reconstructions.FOOLED);
    if (noise != null && classes != null) {
      length("classes of noise", classes.length, noise.length);
      boolean rebuiltAll =
          Arrays.stream(classes)
              .allMatch(c -> Arrays.binarySearch(rebuilt.subjects(), (int) c) >= 0);
      Checks.check(rebuiltAll, "noise was made of a class that was not rebuilt");
    }
  }

  private static void structure(StructuralLeaks leaks) {
    people(leaks.members());
    perMember("marks of stored rows", leaks.stored(), leaks);
    perMember("counts of leaves", leaks.inLeaf(), leaks);
    for (StructuralLeaks.Embedding embedding : leaks.embeddings()) {
      length("counts of an embedding", embedding.people().length, leaks.members().count());
    }
  }

  private static void perMember(String what, int[] found, StructuralLeaks leaks) {
    if (found.length > 0) {
      length(what, found.length, leaks.members().count());
    }
  }

  private static void pictures(Pictures pictures) {
    for (Pictures.Panel panel : pictures.panels()) {
      length(
          "pixels",
          panel.pixels().length,
          Math.multiplyExact(panel.ids().size(), pictures.frame().size()));
    }
  }

  private static void length(String what, int found, int needed) {
    Checks.check(found == needed, "it holds %d %s where %d are needed", found, what, needed);
  }

  private static void indices(String what, int[] found, int from, int below) {
    Checks.check(
        Arrays.stream(found).allMatch(i -> i >= from && i < below),
        "one of its %s is not among %d",
        what,
        below);
  }
}
