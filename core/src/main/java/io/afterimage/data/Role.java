package io.afterimage.data;

/** What a column is to the audit. */
public enum Role {
  /** An input of the model. */
  FEATURE,
  /** An input of the model that an adversary would want to learn. */
  SENSITIVE,
  /** What the model predicts: a class or a value. */
  LABEL,
  /** Names the record; never an input. */
  ROW_ID,
  /** Names the person; all rows of one person are one privacy unit. Never an input. */
  PERSON,
  /** Not read: it stands in the schema, but the dataset has no such column. */
  IGNORED;

  /** Whether columns of this role are fed to the model. */
  public boolean isInput() {
    return this == FEATURE || this == SENSITIVE;
  }
}
