package io.afterimage.base;

/** What an attack is after. Every attack of one family reports the same metrics. */
public enum Family {
  MEMBERSHIP,
  ATTRIBUTE,
  INVERSION,
  EXTRACTION,
  GRADIENT
}
