package io.afterimage.policy;

/** What a verdict decides. */
public enum Decision {
  RELEASE,
  RELEASE_WITH_CONDITIONS,
  DO_NOT_RELEASE,
  INSUFFICIENT_EVIDENCE
}
