package io.afterimage.attack.membership;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.WithReferences;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Takes for members those of whom the target is surer than models are that were not trained on
 * them: Attack R.
 *
 * <p>Ye, Maddi, Murakonda, Bindschaedler, Shokri: Enhanced Membership Inference Attacks against
 * Machine Learning Models, CCS 2022. {@code loss} is the share of the models without the person
 * that err more than the target does; of those that err as much, half. So it takes no more values
 * than there are models, and low false-positive rates need as many of them.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipR extends ReferenceAttack<MembershipR.Settings> {
  /**
   * The settings.
   *
   * @param models that the target is compared with
   */
  public record Settings(ReferenceSettings models) implements WithReferences {}

  public MembershipR() {
    super(
        "membership-r",
        "counts the models not trained on a person that err more than the model does",
        "Ye, Maddi, Murakonda, Bindschaedler, Shokri, CCS 2022");
  }

  @Override
  public Settings defaults() {
    return new Settings(ReferenceSettings.DEFAULTS);
  }

  @Override
  public Settings small() {
    return new Settings(ReferenceSettings.SMALL);
  }

  @Override
  Map<String, double[]> signals(References references, Settings settings) {
    double[] shares =
        IntStream.range(0, references.people())
            .mapToDouble(i -> below(references.without(i), references.target(i)))
            .toArray();
    return Map.of("loss", shares);
  }

  /** The share of the values below one, of equal ones half. */
  private static double below(double[] values, double one) {
    return Arrays.stream(values)
        .map(value -> value == one ? 0.5 : value < one ? 1 : 0)
        .average()
        .orElseThrow();
  }
}
