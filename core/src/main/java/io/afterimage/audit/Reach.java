package io.afterimage.audit;

import io.afterimage.attack.Attack;
import io.afterimage.base.Run;
import io.afterimage.defence.DefendedTarget;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.LabelTarget;

/** How the adversary reaches a model: as it is, or behind a defence. */
interface Reach {
  /** The model as its own access says. */
  Reach OPEN =
      new Reach() {
        @Override
        public String prefix() {
          return "";
        }

        @Override
        public LabelTarget of(Subject subject, Attack<?, ?, ?> attack) {
          return subject.reach(attack);
        }
      };

  /** What the names of saved evidence begin with. */
  String prefix();

  /** What this attack is mounted on. It stays the subject's to close. */
  LabelTarget of(Subject subject, Attack<?, ?, ?> attack);

  /** Answers behind a defence, from which no white box can be had. */
  record Behind(OutputDefence defence, Run run) implements Reach {
    @Override
    public String prefix() {
      return defence.name() + "/";
    }

    // Closing the defended target would close the model behind it, which the next attack needs.
    @Override
    public LabelTarget of(Subject subject, Attack<?, ?, ?> attack) {
      return new DefendedTarget(subject.blackBox(), defence, run);
    }
  }
}
