package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The picture that a descent starts from. */
enum Start {
  /** 0, or what in the range is nearest to it. */
  ZERO {
    @Override
    void fill(float[] picture, InputRange range, Run run, String key) {
      Arrays.fill(picture, (float) Math.max(range.low(), Math.min(range.high(), 0)));
    }
  },
  /** The middle of the range. */
  GREY {
    @Override
    void fill(float[] picture, InputRange range, Run run, String key) {
      Arrays.fill(picture, (float) range.middle());
    }
  },
  /** Every number drawn from the range. */
  NOISE {
    @Override
    void fill(float[] picture, InputRange range, Run run, String key) {
      RandomGenerator random = run.random("mi-face/start/" + key);
      for (int i = 0; i < picture.length; i++) {
        picture[i] = (float) (range.low() + range.width() * random.nextDouble());
      }
    }
  },
  /** Known pixels, which stay; the others start in the middle of the range. */
  PARTIAL {
    @Override
    void fill(float[] picture, InputRange range, Run run, String key) {
      GREY.fill(picture, range, run, key);
    }
  };

  /**
   * Fills one picture, known pixels aside.
   *
   * @param key names the picture: its draws depend on the seed and on it alone
   */
  abstract void fill(float[] picture, InputRange range, Run run, String key);
}
