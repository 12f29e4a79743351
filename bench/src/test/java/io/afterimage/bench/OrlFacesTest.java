package io.afterimage.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.base.Run;
import io.afterimage.evidence.Reconstructions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class OrlFacesTest {

  /**
   * By chance a person is recognised with 1 in 40, and both baselines together name at most a few.
   * Were the reconstructions no better than chance, 6 of 40 would be recognised in fewer than 1 of
   * 1,000 runs.
   */
  @Test
  void peopleAreRecognisedFromTheModelAndNotWithoutIt() {
    OrlFaces.Judged judged = OrlFaces.fiveOfTen(faces(), Run.of(1));
    assertThat(count(judged.attack(), Reconstructions.RECOGNISED)).isGreaterThanOrEqualTo(6);
    assertThat(count(judged.attack(), Reconstructions.BASELINE_START)).isLessThan(6);
    assertThat(count(judged.attack(), Reconstructions.BASELINE_POPULATION_MEAN)).isLessThan(6);
    assertThat(count(judged.attack(), Reconstructions.BASELINE_PERMUTED_LABELS)).isLessThan(6);
    assertThat(count(judged.attack(), Reconstructions.IDENTIFIED)).isEqualTo(40);
    assertThat(Faces.mean(OrlFaces.answers(judged.attack(), Reconstructions.EVALUATOR_REAL)))
        .isGreaterThan(0.7);
    assertThat(judged.attack().unjudged().get(Reconstructions.NEAREST_MEMBER))
        .isEqualTo("there are no non-members to compare with");
    assertThat(count(judged.sign(), Reconstructions.IDENTIFIED)).isEqualTo(40);
    assertThat(count(judged.sign(), Reconstructions.RECOGNISED)).isLessThan(6);
  }

  private static double count(Reconstructions judged, String name) {
    double[] answers = OrlFaces.answers(judged, name);
    return Faces.mean(answers) * answers.length;
  }

  private static Faces faces() {
    Path folder = Path.of(System.getProperty("afterimage.shared"), "data/orl-faces/orl_faces");
    assumeTrue(Files.isDirectory(folder), "orl-faces is not here");
    return Faces.read(folder);
  }
}
