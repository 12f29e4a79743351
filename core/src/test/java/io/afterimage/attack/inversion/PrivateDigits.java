package io.afterimage.attack.inversion;

import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import java.util.Optional;

/** A target and what an adversary with a prior knows of pictures like those it learned from. */
final class PrivateDigits {
  static final Run RUN = Run.of(3);
  static final Dataset MEMBERS = Digits.draw("members", 400, RUN);
  static final Split SPLIT =
      new Split(
          MEMBERS,
          Digits.draw("others", 400, RUN),
          Optional.of(Digits.draw("public", 400, RUN)),
          Optional.empty());
  static final SoftmaxModel TARGET = SoftmaxModel.fit(MEMBERS, Digits.CLASSES, Digits.SHAPE, 100);

  private PrivateDigits() {}
}
