package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the verdict takes from models that took the target's place. */
class RecipeVerdictTest {
  private static final Metric TOO_FEW = Metric.unresolved(900, "9,100 more non-members would do");

  private static Finding recipe(String metric, Metric figure) {
    return Inputs.finding(Family.MEMBERSHIP, Status.RUN, null, Map.of(metric, figure), Map.of())
        .named("membership-lira@recipe/online");
  }

  private static GateResult permille(Verdict verdict) {
    return verdict.gates().stream()
        .filter(gate -> gate.gate().equals("membership-tpr@0.001"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aGateThatNothingResolvesOnTheModelIsReadOffTheRecipe() {
    Inputs few = Inputs.harmless().with(Gate.MEMBERSHIP_TPR_1_PERMILLE, TOO_FEW);
    assertThat(permille(decide("medical", few)).outcome()).isEqualTo(Outcome.INSUFFICIENT);
    Inputs pooled = few.and(recipe("tpr@0.001", Metric.of(.001, .0005, .002, 900)));
    GateResult gate = permille(decide("medical", pooled));
    assertThat(gate.outcome()).isEqualTo(Outcome.PASSED);
    assertThat(gate.sentence()).contains("of the recipe, not of this model");
  }

  @Test
  void aRecipeThatDoesNotResolveItEitherLeavesTheModelsOwnReason() {
    Inputs few =
        Inputs.harmless()
            .with(Gate.MEMBERSHIP_TPR_1_PERMILLE, TOO_FEW)
            .and(recipe("tpr@0.001", Metric.unresolved(900, "more models would do")));
    GateResult gate = permille(decide("medical", few));
    assertThat(gate.outcome()).isEqualTo(Outcome.INSUFFICIENT);
    assertThat(gate.sentence()).contains("9,100 more non-members would do");
  }

  @Test
  void whatIsResolvedOnTheModelItselfIsNotAskedOfTheRecipe() {
    Inputs leaky = Inputs.harmless().and(recipe("auc", Metric.of(.9, .88, .92, 900)));
    assertThat(decide("medical", leaky).decision())
        .isEqualTo(decide("medical", Inputs.harmless()).decision());
  }
}
