package io.afterimage.assess;

import io.afterimage.base.Run;

/**
 * What a bootstrap draws from, and how often.
 *
 * @param key names the stream of draws
 * @param most replicates at most
 */
record Resampling(Run run, String key, int most) {
  private static final int MOST = 2000;

  Resampling(Run run, String key) {
    this(run, key, MOST);
  }

  /** The same with a stream of its own. */
  Resampling keyed(String more) {
    return new Resampling(run, key + "/" + more, most);
  }
}
