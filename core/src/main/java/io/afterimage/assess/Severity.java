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
  CRITICAL
}
