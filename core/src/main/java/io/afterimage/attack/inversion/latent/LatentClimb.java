package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.picture.Climb;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A {@link PriorAttack} by scores alone. Each search starts from the vector drawn for its picture
 * (and fitted to what is known of it), unless the attack knows a better one. Goodness counts by
 * rank, so that rounded or cut off scores serve as long as they differ; where they do not, a
 * generation teaches nothing.
 *
 * @param <S> its settings
 */
public abstract class LatentClimb<S extends Record & LatentClimb.Settings>
    extends PriorAttack<S, ScoreTarget> {
  /** What all of them are told. */
  public interface Settings extends WithPrior {
    /** How long searches go on. */
    Climbing.Rule rule();
  }

  protected LatentClimb(String id, String title, String paper) {
    super(id, title, paper, Access.SCORES, ScoreTarget.class, "", "whoever may ask the model");
  }

  @Override
  protected final Reconstructions rebuilt(
      ScoreTarget target, LatentSpace space, Split split, S settings, Run run) {
    LatentCanvas canvas = new LatentCanvas(space);
    List<String> names = target.info().classes();
    int each = settings.rule().restarts();
    int count = Math.multiplyExact(names.size(), each);
    int[] classes = IntStream.range(0, count).map(i -> i / each).toArray();
    int[] numbers = IntStream.range(0, count).map(i -> i % each).toArray();
    double[][] drawn = space.starts(classes, numbers);
    Starts starts = starts(target, space, split, drawn, settings, run);
    List<Climb> climbs = new ArrayList<>();
    for (int i = 0; i < drawn.length; i++) {
      RandomGenerator random = run.random("search/" + key(names, i, each));
      Search search = search(starts.vectors()[i], canvas, settings, random);
      climbs.add(
          new Climb(i / each, canvas, search, drawn[i], space.completion(), space.row().size()));
    }
    String input = split.members().inputs().get(0).name();
    return new Climbing(info().id(), target, input, space.row(), canvas, settings.rule(), run)
        .after(starts.asked())
        .reconstructions(climbs);
  }

  private static String key(List<String> names, int i, int each) {
    return names.get(i / each) + "/" + i % each;
  }

  /**
   * Where searches start.
   *
   * @param vectors as many of each class, one class after the other
   * @param asked questions that were spent to find them
   */
  public record Starts(double[][] vectors, long asked) {}

  /**
   * Where the searches start: by default at the vectors drawn for their pictures.
   *
   * @param drawn from the prior and fitted to what is known, as many of each class, one class after
   *     the other
   */
  protected Starts starts(
      ScoreTarget target, LatentSpace space, Split split, double[][] drawn, S settings, Run run) {
    return new Starts(drawn, 0);
  }

  /**
   * A search for one picture.
   *
   * @param start one of {@link #starts}
   */
  protected abstract Search search(
      double[] start, LatentCanvas canvas, S settings, RandomGenerator random);
}
