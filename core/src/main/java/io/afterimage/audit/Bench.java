package io.afterimage.audit;

import io.afterimage.assess.AttributeAssessor;
import io.afterimage.assess.Finding;
import io.afterimage.assess.InversionAssessor;
import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Ran;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.AttributeJudge;
import io.afterimage.target.LabelTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The bench of judges: each answers the attacks' questions without the target, once, and is asked
 * again behind every defence.
 */
final class Bench {
  private final Session session;
  private final Optional<Signal> blind;
  private final PictureBench pictures;
  private final Map<String, AttributeGuesses> imputed = new HashMap<>();

  /**
   * @param blind what the blind classifier says of everyone; empty where it could not be trained
   * @param pictures judges what was rebuilt
   */
  Bench(Session session, Optional<Signal> blind, PictureBench pictures) {
    this.session = session;
    this.blind = blind;
    this.pictures = pictures;
  }

  /** The findings of an attack whose evidence is in. */
  List<Finding> assess(Ran ran, Split split, Evidence evidence) {
    Run run = session.run().keyed("assess/" + ran.attack().id());
    if (evidence instanceof MembershipScores scores) {
      return MembershipAssessor.assess(
          ran,
          scores,
          blind(split, scores),
          session.subject().info().classes(),
          session.spec().prior(),
          run);
    }
    if (evidence instanceof AttributeGuesses guesses) {
      return List.of(
          AttributeAssessor.assess(
              ran, judged(guesses, split, run), session.subject().info().classes(), run));
    }
    return List.of(
        InversionAssessor.assess(
            ran, (Reconstructions) evidence, session.spec().classIsPerson(), run));
  }

  /** What the blind classifier says of those whom an attack could afford to ask about. */
  private Optional<Signal> blind(Split split, MembershipScores scores) {
    return blind.map(
        all ->
            new Signal(
                about(scores.members(), split.members(), all.members()),
                about(scores.nonMembers(), split.nonMembers(), all.nonMembers())));
  }

  /** The values of these people. */
  private static double[] about(People people, Dataset rows, double[] values) {
    return IntStream.of(places(people, rows)).mapToDouble(row -> values[row]).toArray();
  }

  /** Where these people stand among the rows, all of which or a selection they are. */
  static int[] places(People people, Dataset rows) {
    if (people.count() == rows.rows()) {
      return IntStream.range(0, rows.rows()).toArray();
    }
    Map<String, Integer> byId = new HashMap<>();
    for (int row = 0; row < rows.rows(); row++) {
      byId.put(rows.id(row), row);
    }
    return people.ids().stream().mapToInt(id -> Objects.requireNonNull(byId.get(id), id)).toArray();
  }

  /** What is saved of an attack's evidence: with the judge's answers where they cost time. */
  Evidence judged(Evidence evidence, Plan.Item item, Reach reach) {
    return pictures.judged(evidence, item, reach);
  }

  /** What to lay beside what an attack rebuilt; empty where it rebuilt nothing. */
  Optional<Pictures> beside(Evidence evidence) {
    return evidence instanceof Reconstructions rebuilt
        ? Optional.of(pictures.beside(rebuilt))
        : Optional.empty();
  }

  // What people without the model guess does not change behind a defence, and takes long to learn.
  private AttributeGuesses judged(AttributeGuesses guesses, Split split, Run run) {
    AttributeGuesses known = imputed.get(guesses.attribute());
    if (known == null || !samePeople(known, guesses)) {
      known =
          AttributeJudge.judge(
              guesses, split, Optional.<LabelTarget>of(session.subject().blackBox()), run);
      imputed.put(guesses.attribute(), known);
    }
    return guesses.with(
        beside(known.members(), guesses.members()),
        beside(known.nonMembers(), guesses.nonMembers()));
  }

  private static boolean samePeople(AttributeGuesses known, AttributeGuesses fresh) {
    return known.members().people().ids().equals(fresh.members().people().ids())
        && known.nonMembers().people().ids().equals(fresh.nonMembers().people().ids());
  }

  private static Guesses beside(Guesses known, Guesses fresh) {
    return new Guesses(known.people(), known.truth(), fresh.attack(), known.baselines());
  }
}
