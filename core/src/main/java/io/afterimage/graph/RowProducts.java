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
      look.oneForAll(1 - given, axis(look, 1 - given, fromEnd), rows);
    }
    return look.step(rows.at(look.outputRank() - fromEnd));
  }

  /** How far from the end of an operand, turned if its attribute says so, its rows lie. */
  private static int fromEnd(RowLook look, int input) {
    int rank = look.rank(input);
    int axis = look.rowsOf(input).axis();
    if (turnsBatch(look, input) && axis < rank - 1) {
      axis = axis == 0 ? rank - 2 : axis - 1;
    }
    int fromEnd = rank - axis;
    boolean turned =
        look.rank(input) > 1 && look.attributes().flag(input == 0 ? "transA" : "transB", false);
    return turned && fromEnd <= 2 ? 3 - fromEnd : fromEnd;
  }

  /** The axis of an operand that, once it is turned, lies so far from its end: more than 2. */
  private static int axis(RowLook look, int input, int fromEnd) {
    return look.rank(input) - fromEnd + (turnsBatch(look, input) ? 1 : 0);
  }

  /** Whether the first axis is put before the last one, as FusedMatMul may. */
  private static boolean turnsBatch(RowLook look, int input) {
    return look.rank(input) > 1
        && look.attributes().flag(input == 0 ? "transBatchA" : "transBatchB", false);
  }

  private static List<RowStep> batched(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    RowAxis other = look.rowsOf(1);
    int fromEnd = fromEnd(look, 0);
    look.require(
        fromEnd > 2 && fromEnd(look, 1) == fromEnd && rows.like(other),
        "multiplies one row with another");
    return look.step(rows.at(look.outputRank() - fromEnd));
  }

  static List<RowStep> gemm(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    int axis = look.attributes().flag("transA", false) ? 1 : 0;
    look.require(rows.axis() == axis && look.rows(1).isEmpty(), "sums over rows");
    RowAxis result = rows.at(0);
    if (look.rows(2).isPresent()) {
      addedRow(look, result);
    } else if (look.has(2) && look.rank(2) == 2) {
      look.oneForAll(2, 0, result);
    }
    return look.step(result);
  }

  /** What is added has a row for each row, or is the vector to which one row was squeezed. */
  private static void addedRow(RowLook look, RowAxis result) {
    long columns = look.outputShape()[1];
    if (look.rank(2) == 1 && result.alone() && look.rowsOf(2).equals(new RowAxis(0, 1, columns))) {
      look.replace(2, look.emit("Reshape", look.node().input(2), look.constant(-1, columns)));
    } else {
      look.require(look.rank(2) == 2 && look.rowsOf(2).equals(result), "adds one row to another");
    }
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
