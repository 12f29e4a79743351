package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SarifTest {
  private final String text = Sarif.write(Samples.report());
  private final JsonNode run = JsonMapper.shared().readTree(text).at("/runs/0");

  @Test
  void everyResultHasARule() {
    List<String> rules =
        run.at("/tool/driver/rules").valueStream().map(r -> r.get("id").asString()).toList();
    assertThat(rules).doesNotHaveDuplicates().contains("gate/membership-auc", "attack/mi-face");
    assertThat(run.get("results").valueStream().map(r -> r.get("ruleId").asString()))
        .isSubsetOf(rules)
        .hasSize(7 + 12);
  }

  @Test
  void levelsFollowTheOutcomes() {
    assertThat(rating("gate/membership-auc")).isEqualTo("fail/error");
    assertThat(rating("gate/membership-tpr@0.01")).isEqualTo("fail/warning");
    assertThat(rating("gate/membership-tpr@0.001")).isEqualTo("open/none");
    assertThat(rating("gate/attribute-memorised")).isEqualTo("pass/none");
    assertThat(rating("gate/near-copy")).isEqualTo("notApplicable/none");
    assertThat(rating("attack/mi-face")).isEqualTo("fail/error");
    assertThat(rating("attack/membership-lira")).isEqualTo("open/none");
  }

  @Test
  void noRecordIsNamed() {
    assertThat(text).doesNotContain("members:1731").doesNotContain("person-3");
  }

  private String rating(String rule) {
    JsonNode result =
        run.get("results")
            .valueStream()
            .filter(r -> r.get("ruleId").asString().equals(rule))
            .findFirst()
            .orElseThrow();
    return result.get("kind").asString() + "/" + result.get("level").asString();
  }
}
