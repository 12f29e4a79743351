package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.CovarianceAdaptation;
import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.picture.Canvas;
import io.afterimage.attack.inversion.picture.Climb;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.KnownPixels;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Rebuilds an input for each class from scores alone: searches for the picture that the target is
 * surest about.
 *
 * <p>Fredrikson, Jha, Ristenpart: Model Inversion Attacks that Exploit Confidence Information and
 * Basic Countermeasures, CCS 2015, in the black-box setting, where they estimate gradients by
 * finite differences, two questions a pixel. Here a generation of random pictures gives a direction
 * for all pixels at once: by {@link io.afterimage.attack.common.NaturalEvolution} or {@link
 * CovarianceAdaptation}, whose papers stand there. Goodness counts by rank, so that rounded or
 * tempered scores serve as long as they differ.
 *
 * <p>The picture reported is the best centre, not the best of a generation: centres are free of the
 * search's own noise. All classes and restarts are asked about in one batch.
 *
 * <p>Ends with what it has when the query budget is spent. Where answers are noisy, each is the
 * mean of several, and the confidence reported is the one the adversary saw.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MiSearch implements Attack<MiSearch.Settings, ScoreTarget, Reconstructions> {
  private static final String ID = "mi-search";
  private static final long MOST_NUMBERS = 1L << 26;

  /**
   * The settings.
   *
   * @param method how to look
   * @param steps at most so many generations
   * @param generation pictures in a generation, beside its centre
   * @param width standard deviation of the first generation's pixels
   * @param learningRate length of a step of nes, per pixel
   * @param momentum share of the last direction that nes keeps
   * @param waves frequencies that full-cma moves
   * @param restarts searches for each class
   * @param firstClasses how many classes
   * @param pixels between what pixels lie
   * @param knownPixels what is known of the pictures
   * @param stopAt a search is done once the target is so sure
   * @param repeats answers averaged
   */
  public record Settings(
      @Setting("how to look: estimated gradients, or evolution on pixels or on smooth waves")
          Method method,
      @Setting("at most so many generations") int steps,
      @Setting("pictures in a generation, even; by default 4 + 3 ln(numbers that are searched)")
          OptionalInt generation,
      @Setting("standard deviation of the first generation's pixels, in widths of their range")
          double width,
      @Setting("nes: root mean square of a step, in widths of the pixels' range")
          double learningRate,
      @Setting("nes: share of the last direction that is kept") double momentum,
      @Setting("full-cma: how many of the lowest frequencies are searched") int waves,
      @Setting("searches for each class") int restarts,
      @Setting("search only for the first so many classes") OptionalInt firstClasses,
      PixelRange pixels,
      KnownPixels knownPixels,
      @Setting("stop a search once the target is so sure; above 1: never") double stopAt,
      @Setting(
              "answers averaged for each picture; by default 1, or 4 where answers are noisy;"
                  + " fewer where the query budget is short")
          OptionalInt repeats) {
    public Settings {
      inRange("--steps", steps, 1, 10_000_000);
      int size = generation.orElse(8);
      check(
          size >= 8 && size <= 100_000 && size % 2 == 0,
          "--generation must be even and between 8 and 100000, but is %d",
          size);
      inRange("--width", width, 1e-6, 10);
      inRange("--learning-rate", learningRate, 1e-6, 10);
      inRange("--momentum", momentum, 0, 0.999);
      inRange("--waves", waves, 2, 512);
      inRange("--restarts", restarts, 1, 1_000);
      inRange("--first-classes", firstClasses.orElse(1), 1, 1_000_000);
      inRange("--stop-at", stopAt, 0, 2);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }

    /** Pictures in a generation on this canvas. */
    int size(Canvas canvas) {
      return generation.orElse(CovarianceAdaptation.usualSize(canvas.dimensions()));
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        ID,
        "rebuilds an input for each class by asking the model about many",
        "Fredrikson, Jha, Ristenpart, CCS 2015; Wierstra et al., JMLR 2014; Ilyas et al., ICML"
            + " 2018; Hansen and Ostermeier, Evolutionary Computation 2001; Ros and Hansen, PPSN"
            + " 2008",
        Family.INVERSION,
        Access.SCORES,
        "the names of the classes and the range of the pixels",
        true,
        "whoever may ask the model can draw a picture by which a person is recognised");
  }

  @Override
  public Settings defaults() {
    return settings(Method.NES, 500);
  }

  @Override
  public Settings small() {
    return settings(Method.NES, 60);
  }

  /** The usual settings of a method, with so many generations. */
  static Settings settings(Method method, int steps) {
    return new Settings(
        method,
        steps,
        OptionalInt.empty(),
        0.1,
        0.02,
        0.9,
        256,
        1,
        OptionalInt.empty(),
        PixelRange.AS_SEEN,
        KnownPixels.NONE,
        0.9999,
        OptionalInt.empty());
  }

  @Override
  public Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }

  @Override
  public Reconstructions run(ScoreTarget target, Split split, Settings settings, Run run) {
    TargetInfo info = target.info();
    check(
        info.task() == Task.CLASSIFICATION,
        "mi-search rebuilds classes, but %s predicts a value",
        info.name());
    Shape shape =
        info.arrayInput()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "mi-search needs a target that takes one array, but %s takes columns"
                            .formatted(info.name())));
    InputRange range = InputRange.of(split.reference(), settings.pixels());
    Canvas canvas = settings.method().canvas(shape, range.low(), range.high(), settings.waves());
    int classes =
        Math.min(info.classes().size(), settings.firstClasses().orElse(Integer.MAX_VALUE));
    int size = settings.size(canvas);
    checkMemory((long) classes * settings.restarts(), size, canvas.dimensions(), shape.size());
    Completion completion = Completion.of(settings.knownPixels(), shape, info.classes().size());
    List<Climb> climbs = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      for (int restart = 0; restart < settings.restarts(); restart++) {
        RandomGenerator random =
            run.random("mi-search/%s/%d".formatted(info.classes().get(c), restart));
        Search search = settings.method().search(canvas, settings, range.width(), random);
        climbs.add(new Climb(c, canvas, search, completion, shape.size()));
      }
    }
    String input = split.members().inputs().get(0).name();
    Climbing.Rule rule =
        new Climbing.Rule(
            settings.steps(), settings.stopAt(), settings.restarts(), settings.repeats());
    return new Climbing(ID, target, input, shape, canvas, rule, run)
        .reconstructions(climbs)
        .knowing(completion.places());
  }

  private static void checkMemory(long climbs, int population, int dimensions, int pixels) {
    check(
        (1L + population) * pixels <= Climbing.NUMBERS_AT_ONCE,
        "--generation of %d pictures of %d numbers is too large to ask about at once; lower it",
        population,
        pixels);
    check(
        climbs * ((long) population * dimensions + 4L * pixels) <= MOST_NUMBERS,
        "mi-search would run %d searches at once in %d numbers each; lower --first-classes,"
            + " --restarts or --generation",
        climbs,
        dimensions);
  }
}
