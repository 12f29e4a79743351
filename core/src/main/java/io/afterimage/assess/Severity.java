package io.afterimage.assess;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How bad a finding is, for sorting; the verdict rests on gates, not on this. */
public enum Severity {
  @JsonProperty("none")
  NONE,
  @JsonProperty("low")
  LOW,
  @JsonProperty("medium")
  MEDIUM,
  @JsonProperty("high")
  HIGH,
  @JsonProperty("critical")
  CRITICAL;

  /**
   * The severity of a proven advantage, the lower end of its interval: 0 for an adversary who
   * learns nothing, 1 for one who is always right. Low up to 0.1, medium up to 0.3, high up to 0.6.
   */
  static Severity of(double provenAdvantage) {
    if (provenAdvantage <= 0) {
      return NONE;
    }
    if (provenAdvantage <= 0.1) {
      return LOW;
    }
    if (provenAdvantage <= 0.3) {
      return MEDIUM;
    }
    return provenAdvantage <= 0.6 ? HIGH : CRITICAL;
  }
}
