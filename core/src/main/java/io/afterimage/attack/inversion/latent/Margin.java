package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.Guidance;
import java.util.random.RandomGenerator;

/**
 * By how much the target's greatest other score before the softmax exceeds the class's own (Yuan et
 * al., AAAI 2023): its slope does not vanish where the target is sure.
 *
 * @param target who is shown pictures
 * @param space whose pictures they are
 * @param range between whose ends their numbers stay
 * @param views as which they are shown
 */
public record Margin(GradientTarget target, LatentSpace space, InputRange range, Views views) {
  /**
   * The margin of pictures in the range of others.
   *
   * @param known rows of the kind that the target takes
   */
  public static Margin of(GradientTarget target, LatentSpace space, Dataset known, Views views) {
    InputRange range = InputRange.of(known, PixelRange.AS_SEEN);
    return new Margin(target, space, range, views);
  }

  /**
   * The sum over pictures of the mean over views.
   *
   * @param pictures [rows, ...input]
   * @param told their classes, [rows, classes], one column each
   */
  public Tensor of(Tensor pictures, Tensor told, RandomGenerator random) {
    Tensor sum = pictures.sum().mul(0);
    for (int view = 0; view < views.views(); view++) {
      Tensor shown = views.one(pictures, space.raster(), range, random);
      sum = sum.add(of(target.logits(shown), told).sum());
    }
    return sum.div(views.views());
  }

  /**
   * Of each row, [rows].
   *
   * @param logits [rows, classes]
   * @param told [rows, classes], 1 in the column of the row's class
   */
  public static Tensor of(Tensor logits, Tensor told) {
    Tensor own = logits.mul(told).sum(false, 1);
    Tensor others = Indexing.maskedFill(logits, told.gt(0), Double.NEGATIVE_INFINITY);
    return others.max(false, 1).sub(own);
  }

  /**
   * What a generator lessens so that the target takes its pictures for the classes they were to be.
   *
   * @param weight beside the generator's own loss
   * @param said all that the target said, as a hash
   */
  public Guidance guidance(double weight, String said, Run run) {
    return new Guide(this, weight, said, run);
  }

  private record Guide(Margin margin, double weight, String said, Run run) implements Guidance {
    @Override
    public Tensor loss(Tensor pictures, Tensor told, long step) {
      Tensor rows = pictures.reshape(margin.space.row().batch(pictures.size(0)));
      RandomGenerator random = run.random("guidance/" + step);
      return margin.of(rows, told, random).mul(weight / pictures.size(0));
    }

    @Override
    public String description() {
      return "%s times the margin of target %s under %s in %s"
          .formatted(weight, said, margin.views, margin.range);
    }
  }
}
