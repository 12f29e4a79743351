package io.afterimage.defence;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;

/**
 * One defence as typed: {@code round:2}.
 *
 * @param word what stands before the colon
 * @param setting what stands behind it; empty where there is no colon
 */
public record DefenceOption(String word, String setting) {
  /** Splits at the first colon. */
  public static DefenceOption of(String typed) {
    int colon = typed.indexOf(':');
    return colon < 0
        ? new DefenceOption(typed, "")
        : new DefenceOption(typed.substring(0, colon), typed.substring(colon + 1));
  }

  /** The setting as a whole number. */
  public int whole(String meaning) {
    try {
      return Integer.parseInt(setting);
    } catch (NumberFormatException e) {
      throw wrong(meaning + " must be a whole number");
    }
  }

  /** The setting as a number. */
  public double number(String meaning) {
    try {
      return Double.parseDouble(setting);
    } catch (NumberFormatException e) {
      throw wrong(meaning + " must be a number");
    }
  }

  /** Refuses a setting where none belongs. */
  public void none() {
    Checks.check(setting.isEmpty(), "--defend %s: takes no setting", this);
  }

  private BadInputException wrong(String why) {
    return new BadInputException("--defend %s: %s".formatted(this, why));
  }

  @Override
  public String toString() {
    return setting.isEmpty() ? word : word + ":" + setting;
  }
}
