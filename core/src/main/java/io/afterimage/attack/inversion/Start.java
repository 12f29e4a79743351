package io.afterimage.attack.inversion;

import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The picture that a descent starts from. */
enum Start {
  /** Black: 0, or what in the box is nearest to it. */
  ZERO {
    @Override
    void fill(float[] picture, Box box, Run run, String key) {
      Arrays.fill(picture, (float) Math.max(box.low(), Math.min(box.high(), 0)));
    }
  },
  /** The middle of the box. */
  GREY {
    @Override
    void fill(float[] picture, Box box, Run run, String key) {
      Arrays.fill(picture, (float) box.middle());
    }
  },
  /** Every number drawn from the box, or from a Gaussian where there is none. */
  NOISE {
    @Override
    void fill(float[] picture, Box box, Run run, String key) {
      RandomGenerator random = run.random("mi-face/start/" + key);
      for (int i = 0; i < picture.length; i++) {
        picture[i] =
            (float)
                (box.isBounded()
                    ? box.low() + box.width() * random.nextDouble()
                    : random.nextGaussian());
      }
    }
  },
  /** Known pixels, which stay; the others start in the middle of the box. */
  PARTIAL {
    @Override
    void fill(float[] picture, Box box, Run run, String key) {
      GREY.fill(picture, box, run, key);
    }
  };

  /**
   * Fills one picture, known pixels aside.
   *
   * @param key names the picture: its draws depend on the seed and on it alone
   */
  abstract void fill(float[] picture, Box box, Run run, String key);
}
