package io.afterimage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.policy.Profile.WithoutReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ProfileTest {
  static final java.util.List<String> BUNDLED = Profile.BUNDLED;

  private static final String SMALL =
      """
      profile: ours
      title: A small profile
      references: 4
      withoutReferences: CONDITION
      expiryMonths: 3
      conditions: []
      gates:
        membership-auc:
          acceptable: 0.60
          intolerable: 0.70
          required: true
          leastPeople: 0
          owner: our data-protection officer
          reason: agreed in May
          condition: ""
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "membership-auc, .60 .65, .55 .60, .55 .60, .60 .65",
    "membership-tpr@0.01, .03 .10, .03 .05, .02 .05, .03 .10",
    "membership-tpr@0.001, .003 .01, .003 .01, .003 .005, .003 .01",
    "attribute-memorised, .10 .20, .05 .15, .05 .10, .05 .15",
    "attribute-imputed, .20 1, .10 1, .05 1, .10 1",
    "inversion-recognised, .09 .20, .09 .09, .09 .09, .09 .20",
    "near-copy, 0 0, 0 0, 0 0, 0 0",
    "rows-stored, 0 1, 0 0, 0 0, 0 0",
    "records-per-leaf, 5 0, 10 10, 11 11, 10 10",
    "residual-degrees-of-freedom, none, 10 10, 10 10, 10 10",
  })
  void holdsTheThresholdsOfTheDesign(
      String gate, String api, String openWeights, String medical, String research) {
    String[] cells = {api, openWeights, medical, research};
    for (int i = 0; i < cells.length; i++) {
      var bounds = Profile.of(Profile.BUNDLED.get(i)).bounds(Gate.of(gate).orElseThrow());
      if (cells[i].equals("none")) {
        assertThat(bounds).isEmpty();
      } else {
        String[] ends = cells[i].split(" ", -1);
        assertThat(bounds.orElseThrow().acceptable()).isEqualTo(Double.parseDouble(ends[0]));
        assertThat(bounds.orElseThrow().intolerable()).isEqualTo(Double.parseDouble(ends[1]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "api, 16, CONDITION, 6, false",
    "open-weights, 64, INSUFFICIENT, 12, true",
    "medical, 64, INSUFFICIENT, 6, true",
    "research-environment, 16, CONDITION, 12, false",
  })
  void holdsReferencesExpiryAndWhatMustBeResolved(
      String name, int references, WithoutReferences without, int months, boolean permille) {
    Profile profile = Profile.of(name);
    assertThat(profile.profile()).isEqualTo(name);
    assertThat(profile.references()).isEqualTo(references);
    assertThat(profile.withoutReferences()).isEqualTo(without);
    assertThat(profile.expiryMonths()).isEqualTo(months);
    assertThat(profile.bounds(Gate.MEMBERSHIP_TPR_1_PERMILLE).orElseThrow().required())
        .isEqualTo(permille);
    assertThat(profile.bounds(Gate.MEMBERSHIP_TPR_1_PERCENT).orElseThrow().required()).isTrue();
    assertThat(profile.bounds(Gate.INVERSION_RECOGNISED).orElseThrow().leastPeople()).isEqualTo(32);
  }

  @ParameterizedTest
  @FieldSource("BUNDLED")
  void namesAnOwnerAndAReasonForEveryThreshold(String name) {
    assertThat(Profile.of(name).gates().values())
        .isNotEmpty()
        .allSatisfy(
            bounds -> {
              assertThat(bounds.owner()).isNotBlank();
              assertThat(bounds.reason()).isNotBlank();
            });
    assertThat(Profile.of(name).bounds(Gate.ATTRIBUTE_MEMORISED).orElseThrow().owner())
        .contains("default, to be adopted by the controller");
  }

  @Test
  void readsAUsersOwnProfile() throws IOException {
    Profile profile = Profile.of(file(SMALL).toString());
    assertThat(profile.profile()).isEqualTo("ours");
    assertThat(profile.bounds(Gate.MEMBERSHIP_AUC).orElseThrow().intolerable()).isEqualTo(.7);
    assertThat(profile.bounds(Gate.NEAR_COPY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acceptable: 0.60 | acceptable: much | acceptable",
        "acceptable: 0.60 | acceptable: 1.5 | acceptable",
        "acceptable: 0.60 | acceptable: .nan | acceptable",
        "acceptable: 0.60 | acceptable: 0.8 | exchange them",
        "owner: our | ouner: our | ouner",
        "expiryMonths: 3 | expiryMonths: 0 | expiryMonths",
        "withoutReferences: CONDITION | withoutReferences: never | withoutReferences",
        "membership-auc: | membership-aux: | membership-aux",
        "profile: ours | profile: '<b>' | profile",
        "title: A small profile | title: !!java.lang.Thread x | line 2",
        "title: A small profile | title: &a x | line 2",
        "references: 4 | references: [ | YAML",
        "references: 4 | title: twice | title",
      })
  void refusesABrokenProfileInOneLineThatNamesTheField(String good, String bad, String named)
      throws IOException {
    Path file = file(SMALL.replace(good, bad));
    assertThatThrownBy(() -> Profile.of(file.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(named)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesDeepAndLongFiles() throws IOException {
    for (String text : new String[] {"[".repeat(100_000), "#".repeat(2 << 20), "", "- 1\n- 2"}) {
      Path file = file(text);
      assertThatThrownBy(() -> Profile.of(file.toString())).isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void saysWhichProfilesThereAre() {
    assertThatThrownBy(() -> Profile.of("apy"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--policy apy")
        .hasMessageContaining("open-weights");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("profile.yaml"), text);
  }
}
