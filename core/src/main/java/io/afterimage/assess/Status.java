package io.afterimage.assess;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of an attack. Only {@link #RUN} says anything about the model. */
public enum Status {
  @JsonProperty("run")
  RUN,
  @JsonProperty("skipped")
  SKIPPED,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("notApplicable")
  NOT_APPLICABLE
}
