package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.base.Family;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with the population, every attack that learns from it says the same. */
class WrongPopulationsTest {
  private static final Dataset PUBLIC = PrivateDigits.SPLIT.population().orElseThrow();

  static List<Attack<?, ?, ?>> learning() {
    return Attacks.all().stream()
        .filter(attack -> attack.info().family() == Family.INVERSION)
        .filter(attack -> refusal(attack, Optional.empty()).isPresent())
        .toList();
  }

  private static Optional<String> refusal(Attack<?, ?, ?> attack, Optional<Dataset> population) {
    Split known = PrivateDigits.SPLIT;
    Split split = new Split(known.members(), known.nonMembers(), population, Optional.empty());
    return Attacks.refusal(attack, split, attack.small());
  }

  @Test
  void allThatNeedAPopulationAreHere() {
    assertThat(learning())
        .extracting(attack -> attack.info().id())
        .containsExactlyInAnyOrder(
            "brep-mi",
            "c2f-mi",
            "gmi",
            "if-gmi",
            "inversion-network",
            "ked-mi",
            "latent-cma",
            "lokt",
            "lomma",
            "mirror",
            "plg-mi",
            "ppa",
            "rlb-mi",
            "vmi");
  }

  @ParameterizedTest
  @MethodSource("learning")
  void itIsRefusedBeforeAnythingIsAskedInTheSameWords(Attack<?, ?, ?> attack) {
    assertThat(refusal(attack, Optional.of(PUBLIC))).isEmpty();
    refused(attack, Optional.empty(), few(0));
    refused(attack, Optional.of(PUBLIC.select(new int[] {0})), few(1));
    refused(attack, Optional.of(PUBLIC.select(IntStream.range(0, 49).toArray())), few(49));
    String shape = "needs a --population of the members' shape 8x8, not ";
    for (Shape other : List.of(new Shape(4, 4), new Shape(3, 8, 8), new Shape(64))) {
      float[] pixels = new float[PUBLIC.rows() * other.size()];
      Column pictures = new Column.Array("pixels", pixels, other);
      refused(attack, Optional.of(PUBLIC.with(pictures)), shape + other);
    }
    Column numbers = new Column.Numeric("x", new double[100]);
    Dataset table =
        Dataset.of("population", new Schema(Map.of("x", Role.FEATURE)), List.of(numbers));
    refused(attack, Optional.of(table), shape + "columns");
  }

  private static String few(int rows) {
    return "needs --population: at least 50 public pictures of the same kind, not " + rows;
  }

  private static void refused(Attack<?, ?, ?> attack, Optional<Dataset> population, String reason) {
    assertThat(refusal(attack, population).orElse("")).startsWith(reason);
  }
}
