package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.Normalised;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.tensor.NoLeakedTensors;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks that search what a generator of public pictures can make, with the target's gradients.
 */
@ExtendWith(NoLeakedTensors.class)
class LatentAttacksTest {
  @TempDir static Path folder;

  /** Those that search the pictures of a generator that never learned from the target. */
  private static final List<Attack<?, GradientTarget, Reconstructions>> PLAIN =
      List.of(new Gmi(), new Vmi(), new Ppa(), new Lomma(), new IfGmi());

  /** Those that take a generator of the user's. */
  private static final List<Attack<?, GradientTarget, Reconstructions>> TAKING =
      PLAIN.subList(1, PLAIN.size());

  static List<Attack<?, GradientTarget, Reconstructions>> attacks() {
    return Stream.concat(PLAIN.stream(), Stream.of(new KedMi(), new PlgMi())).toList();
  }

  /** The prior alone draws the right class once in ten; the search finds it nearly always. */
  @ParameterizedTest
  @MethodSource("attacks")
  void whatIsFoundLooksLikeTheClassAndWhatItStartedFromDoesNot(
      Attack<?, GradientTarget, Reconstructions> attack) {
    Reconstructions found = run(attack, Map.of("restarts", "4"), PrivateDigits.SPLIT);
    assertThat(found.count()).isEqualTo(40);
    assertThat(LookAlikes.of(found, found.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(32);
    assertThat(LookAlikes.of(found, found.start(), PrivateDigits.MEMBERS)).isLessThan(14);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aSmallerBatchStartsFromTheSamePictures(Attack<?, GradientTarget, Reconstructions> attack) {
    Map<String, String> few = Map.of("restarts", "3", "steps", "2");
    Map<String, String> batches = Map.of("restarts", "3", "steps", "2", "batch", "10");
    assertThat(run(attack, batches, PrivateDigits.SPLIT).start())
        .isEqualTo(run(attack, few, PrivateDigits.SPLIT).start());
  }

  /** With one vector a class, no choice at the end depends on how far the others came. */
  @ParameterizedTest
  @MethodSource("attacks")
  void aStripShowsWhereShorterSearchesEnd(Attack<?, GradientTarget, Reconstructions> attack) {
    Map<String, String> lone = lone(attack);
    Reconstructions found = run(attack, with(lone, "20"), PrivateDigits.SPLIT);
    Reconstructions shorter = run(attack, with(lone, "8"), PrivateDigits.SPLIT);
    for (int row = 0; row < 10; row++) {
      List<Stage> strip = found.stages().of(row);
      assertThat(strip).extracting(Stage::steps).containsExactly(0, 4, 8, 12, 16);
      assertThat(strip.get(2).picture()).isEqualTo(shorter.picture(row));
      assertThat(strip.get(2).picture()).isNotEqualTo(found.picture(row));
      if (PLAIN.contains(attack) && lone.isEmpty()) {
        assertThat(strip.get(0).picture()).isEqualTo(found.startOf(row));
      }
    }
  }

  /** What leaves an attack that chooses its vectors one a class, and its latent steps alone. */
  private static Map<String, String> lone(Attack<?, ?, ?> attack) {
    if (attack instanceof IfGmi) {
      return Map.of("surplus", "1", "layers", "0");
    }
    return attack instanceof Ppa ? Map.of("surplus", "1") : Map.of();
  }

  private static Map<String, String> with(Map<String, String> changed, String steps) {
    Map<String, String> all = new HashMap<>(changed);
    all.put("restarts", "1");
    all.put("steps", steps);
    return all;
  }

  /** Two of each class, a batch for each: every picture's way is its own. */
  @Test
  void stripsAreThoseOfTheirRowsInEveryBatch() {
    Map<String, String> two = Map.of("restarts", "2", "steps", "2", "batch", "10");
    Reconstructions found = run(new Gmi(), two, PrivateDigits.SPLIT);
    for (int row = 0; row < 20; row++) {
      assertThat(found.stages().of(row)).hasSize(2);
      assertThat(found.stages().of(row).get(0).picture()).isEqualTo(found.startOf(row));
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void withoutPublicPicturesItIsRefused(Attack<?, GradientTarget, Reconstructions> attack) {
    Split without = Split.of(PrivateDigits.SPLIT.members(), PrivateDigits.SPLIT.nonMembers());
    assertThat(attack.refusal(without))
        .contains(
            "needs --population: at least 50 public pictures of the same kind, not 0"
                + (TAKING.contains(attack) ? "; or --generator" : ""));
    assertThat(attack.refusal(PrivateDigits.SPLIT)).isEmpty();
    assertThatThrownBy(() -> run(attack, Map.of(), without))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(attack.info().id() + " needs --population");
  }

  /** All but gmi, which asks the critic that a generator learned against. */
  @Test
  void aGeneratorOfOnesOwnNeedsNoPublicPictures() {
    Path generator = folder.resolve("brought.onnx");
    matrix(0.02).write(generator);
    Split without = Split.of(PrivateDigits.SPLIT.members(), PrivateDigits.SPLIT.nonMembers());
    Map<String, String> brought = Map.of("generator", generator.toString());
    for (Attack<?, GradientTarget, Reconstructions> attack : TAKING) {
      Record settings = SettingsForm.of(attack.small()).with(brought);
      assertThat(Attacks.refusal(attack, without, settings)).isEmpty();
      assertThat(Attacks.refusal(attack, without, attack.small())).isPresent();
    }
    assertThat(run(new Ppa(), brought, without).subjects()).hasSize(10);
    assertThatThrownBy(() -> run(new Gmi(), brought, without))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--generator brings no critic");
  }

  @Test
  void aGeneratorInOtherUnitsIsRefused() {
    Path generator = folder.resolve("other-units.onnx");
    matrix(5).write(generator);
    Map<String, String> brought = Map.of("generator", generator.toString());
    assertThatThrownBy(() -> run(new Ppa(), brought, PrivateDigits.SPLIT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("but the target takes pictures of 0.000 to 1.000; rescale");
  }

  /** A generator that mixes four random pictures. */
  private static OnnxModel matrix(double scale) {
    GraphBuilder graph = new GraphBuilder("matrix");
    int pixels = Digits.SHAPE.size();
    float[] weights = new float[4 * pixels];
    RandomGenerator random = PrivateDigits.RUN.random("matrix");
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (scale * random.nextGaussian());
    }
    graph.input("z", ElementType.FLOAT, "N", 4);
    graph.initializer("w", weights, 4, pixels);
    String mixed = graph.node("MatMul", "z", "w").to("mixed");
    String shape = graph.initializer("shape", new long[] {-1, 1, 8, 8}, 4);
    graph.node("Reshape", mixed, shape).to("made");
    graph.output("made", ElementType.FLOAT, "N", 1, 8, 8);
    return graph.build();
  }

  /** Four pictures of 4x4 would make one of 8x8. */
  @ParameterizedTest
  @MethodSource("attacks")
  void publicPicturesOfAnotherSizeAreRefused(Attack<?, GradientTarget, Reconstructions> attack) {
    Split own = PrivateDigits.SPLIT;
    Dataset known = own.population().orElseThrow();
    Column small = new Column.Array("pixels", new float[known.rows() * 16], new Shape(4, 4));
    Split other =
        new Split(
            own.members(), own.nonMembers(), Optional.of(known.with(small)), Optional.empty());
    assertThatThrownBy(() -> run(attack, Map.of(), other))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            attack.info().id()
                + " needs a --population of the members' shape 8x8, not 4x4"
                + (TAKING.contains(attack) ? "; or --generator" : ""));
  }

  /** A batch of one picture of each class costs no more questions than all of them at once. */
  @Test
  void vmiLearnsOneDistributionOfEachClassWhateverTheBatch() {
    AtomicInteger asked = new AtomicInteger();
    GradientTarget counting = counting(PrivateDigits.TARGET, asked);
    Reconstructions whole = run(new Vmi(), counting, Map.of("restarts", "3"), PrivateDigits.SPLIT);
    int atOnce = asked.getAndSet(0);
    Map<String, String> batches = Map.of("restarts", "3", "batch", "10");
    Reconstructions parts = run(new Vmi(), counting, batches, PrivateDigits.SPLIT);
    assertThat(parts.pixels()).isEqualTo(whole.pixels());
    assertThat(atOnce).isPositive();
    assertThat(asked.get()).isEqualTo(atOnce);
  }

  /** The same target, whose logits are counted whenever they are asked for. */
  private static GradientTarget counting(GradientTarget target, AtomicInteger asked) {
    return (GradientTarget)
        Proxy.newProxyInstance(
            GradientTarget.class.getClassLoader(),
            new Class<?>[] {GradientTarget.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("logits")) {
                asked.incrementAndGet();
              }
              return method.invoke(target, arguments);
            });
  }

  /** The paper's ablation: without the distance from the prior, vectors leave where it is sure. */
  @Test
  void theDivergenceKeepsVmiNearThePrior() {
    float[] with = run(new Vmi(), Map.of("divergence", "1"), PrivateDigits.SPLIT).pixels();
    float[] without = run(new Vmi(), Map.of("divergence", "0"), PrivateDigits.SPLIT).pixels();
    assertThat(sharpness(without)).isGreaterThan(sharpness(with));
  }

  /** Students learn from the public: with them other pictures are found, of the classes still. */
  @Test
  void lommaAsksStudentsBesideTheTarget() {
    Lomma lomma = new Lomma();
    try (InterpretedTarget target = Normalised.on(PrivateDigits.MEMBERS, PrivateDigits.RUN)) {
      Map<String, String> taught = Map.of("students", "1", "distillation", "10");
      Reconstructions with = lomma(target, SettingsForm.of(lomma.small()).with(taught));
      Reconstructions without = lomma(target, lomma.small());
      assertThat(with.pixels()).isNotEqualTo(without.pixels());
      assertThat(LookAlikes.of(with, with.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(14);
    }
    assertThatThrownBy(
            () ->
                lomma(
                    PrivateDigits.TARGET,
                    SettingsForm.of(lomma.small()).with(Map.of("students", "1"))))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--students must be 0 of softmax, whose graph cannot be trained anew, but is 1");
  }

  private static Reconstructions lomma(GradientTarget target, Lomma.Settings settings) {
    return new Lomma()
        .run(target, PrivateDigits.SPLIT, settings, PrivateDigits.RUN.sharing(folder));
  }

  @Test
  void gmiNeedsACritic() {
    assertThatThrownBy(
            () -> SettingsForm.of(new Gmi().defaults()).with(Map.of("prior-kind", "vae")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--prior-kind vae has no critic, and gmi asks one; give wgan-gp or dcgan");
  }

  private static <S extends Record> Reconstructions run(
      Attack<S, GradientTarget, Reconstructions> attack, Map<String, String> changed, Split split) {
    return run(attack, PrivateDigits.TARGET, changed, split);
  }

  private static <S extends Record> Reconstructions run(
      Attack<S, GradientTarget, Reconstructions> attack,
      GradientTarget target,
      Map<String, String> changed,
      Split split) {
    return attack.run(
        target,
        split,
        SettingsForm.of(attack.small()).with(changed),
        PrivateDigits.RUN.sharing(folder));
  }

  /** Mean distance of pixels from grey. */
  private static double sharpness(float[] pixels) {
    double sum = 0;
    for (float pixel : pixels) {
      sum += Math.abs(pixel - 0.5);
    }
    return sum / pixels.length;
  }
}
