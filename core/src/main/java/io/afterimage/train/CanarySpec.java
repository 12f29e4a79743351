package io.afterimage.train;

import io.afterimage.base.Checks;
import java.nio.file.Path;

/**
 * Which canaries are laid into a training: records that enter it, or do not, by a fair coin of
 * their own, so that an audit of the model can count how well the two are told apart.
 *
 * <p>Steinke, Nasr, Jagielski: Privacy Auditing with One (1) Training Run, NeurIPS 2023. Nasr,
 * Hayes, Steinke et al.: Tight Auditing of Differentially Private Machine Learning, USENIX Security
 * 2023, for the kinds.
 */
public sealed interface CanarySpec {
  /** The greatest number of canaries. */
  int MOST = 1_000_000;

  /**
   * Copies of members under a wrong label, drawn by their ids. Each member stays where it is under
   * its own label, so that nobody who is audited as a member was left out.
   *
   * @param count 1 to {@link #MOST}, and at most one for each member
   */
  record Mislabelled(int count) implements CanarySpec {
    public Mislabelled {
      Checks.inRange("--canaries", count, 1, MOST);
    }
  }

  /**
   * Examples of no data whose gradient is one coordinate of the parameters, a coordinate each: they
   * are looked for in the weights, by who holds the file.
   *
   * @param count 1 to {@link #MOST}, and at most one for each parameter
   * @param norm length of each gradient; one example's, where those are clipped, is at most the
   *     clipping norm. 1e-6 to 1e6
   */
  record Dirac(int count, double norm) implements CanarySpec {
    public Dirac {
      Checks.inRange("--canaries", count, 1, MOST);
      Checks.inRange("--canary-norm", norm, 1e-6, 1e6);
    }
  }

  /**
   * The user's own rows, with the columns of the members.
   *
   * @param file that holds them; every row is a canary
   */
  record Own(Path file) implements CanarySpec {}
}
