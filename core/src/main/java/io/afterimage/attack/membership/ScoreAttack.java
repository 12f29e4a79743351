package io.afterimage.attack.membership;

import io.afterimage.attack.Attack;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;

/**
 * An attack on membership by the scores that the target gives people's records.
 *
 * @param <S> its settings
 */
abstract class ScoreAttack<S extends Record> implements Attack<S, ScoreTarget, MembershipScores> {
  private final AttackInfo info;

  /**
   * @param knowledge what the adversary holds
   */
  ScoreAttack(String id, String title, String paper, String knowledge) {
    this.info =
        new AttackInfo(
            id,
            title,
            paper,
            Family.MEMBERSHIP,
            Access.SCORES,
            knowledge,
            false,
            "someone who holds a person's record learns that the person is in the training data");
  }

  @Override
  public final AttackInfo info() {
    return info;
  }

  @Override
  public final Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }
}
