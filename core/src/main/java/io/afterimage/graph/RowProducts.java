package io.afterimage.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the rows lie after products of matrices. */
final class RowProducts {
  private RowProducts() {}

  /** Also a product whose operands are turned first; see {@link #fromEnd}. */
  static List<RowStep> matMul(RowLook look) {
    look.require(look.rowed().stream().allMatch(i -> i < 2), "has zero points for each row");
    boolean moved =
        look.attributes().flag("transBatchA", false)
            || look.attributes().flag("transBatchB", false);
    look.require(!moved, "turns its batches");
    if (look.rowed().size() == 2) {
      return batched(look);
    }
    boolean left = look.rows(0).isPresent();
    int given = left ? 0 : 1;
    RowAxis rows = look.rowsOf(given);
    int fromEnd = fromEnd(look, given);
    look.require(look.rank(given) > 1 && fromEnd != (left ? 1 : 2), "sums over rows");
    if (look.rank(1 - given) == 1) {
      look.require(left, "multiplies one vector with many rows");
      return look.step(rows);
    }
    if (fromEnd > 2 && look.rank(1 - given) >= fromEnd) {
      look.oneForAll(1 - given, look.rank(1 - given) - fromEnd, rows);
    }
    return look.step(rows.at(look.outputRank() - fromEnd));
  }

  /** How far from the end of an operand, turned if its attribute says so, its rows lie. */
  private static int fromEnd(RowLook look, int input) {
    int fromEnd = look.rank(input) - look.rowsOf(input).axis();
    boolean turned =
        look.rank(input) > 1 && look.attributes().flag(input == 0 ? "transA" : "transB", false);
    return turned && fromEnd <= 2 ? 3 - fromEnd : fromEnd;
  }

  private static List<RowStep> batched(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    RowAxis other = look.rowsOf(1);
    int fromEnd = look.rank(0) - rows.axis();
    look.require(
        fromEnd > 2 && look.rank(1) - other.axis() == fromEnd && rows.like(other),
        "multiplies one row with another");
    return look.step(rows.at(look.outputRank() - fromEnd));
  }

  static List<RowStep> gemm(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    int axis = look.attributes().flag("transA", false) ? 1 : 0;
    look.require(rows.axis() == axis && look.rows(1).isEmpty(), "sums over rows");
    RowAxis result = rows.at(0);
    if (look.rows(2).isPresent()) {
      look.require(look.rank(2) == 2 && look.rowsOf(2).equals(result), "adds one row to another");
    } else if (look.has(2) && look.rank(2) == 2) {
      look.oneForAll(2, 0, result);
    }
    return look.step(result);
  }

  /** The rows must bear one letter in every operand that has them, and bear it afterwards. */
  static List<RowStep> einsum(RowLook look) {
    String equation = look.attributes().text("equation", "").replace(" ", "");
    String[] sides = equation.split("->", -1);
    look.require(sides.length == 2 && !equation.contains("."), "has an equation without a result");
    String[] operands = sides[0].split(",", -1);
    int first = look.rowed().get(0);
    RowAxis rows = look.rowsOf(first);
    char letter = letter(look, operands, first);
    List<Optional<RowAxis>> result = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      boolean rowed = look.rows(i).isPresent();
      look.require(
          rowed
              ? letter(look, operands, i) == letter && look.rowsOf(i).like(rows)
              : operands[i].indexOf(letter) < 0,
          "combines one row with another");
    }
    int axis = sides[1].indexOf(letter);
    look.require(axis >= 0, "sums over rows");
    result.add(Optional.of(rows.at(axis)));
    return look.step(result);
  }

  private static char letter(RowLook look, String[] operands, int input) {
    int axis = look.rowsOf(input).axis();
    look.require(
        input < operands.length && operands[input].length() == look.rank(input),
        "has an equation that does not fit");
    char letter = operands[input].charAt(axis);
    look.require(
        operands[input].indexOf(letter) == operands[input].lastIndexOf(letter),
        "takes a diagonal over rows");
    return letter;
  }
}
