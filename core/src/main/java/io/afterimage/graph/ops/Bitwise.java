package io.afterimage.graph.ops;

import io.afterimage.tensor.Bits;
import io.afterimage.tensor.Tensor;
import java.util.function.BinaryOperator;

/** Logic and shifts on the bits of whole numbers. */
final class Bitwise {
  private static final String WHOLE = "its output is a whole number";

  private Bitwise() {}

  static void register() {
    binary("BitwiseAnd", Bits::and);
    binary("BitwiseOr", Bits::or);
    binary("BitwiseXor", Bits::xor);
    Operators.flat("BitwiseNot", WHOLE, c -> Bits.not(c.x(0)));
    Operators.flat("BitShift", WHOLE, Bitwise::shifted);
  }

  private static void binary(String type, BinaryOperator<Tensor> function) {
    Operators.flat(type, WHOLE, c -> function.apply(c.x(0), c.x(1)));
  }

  private static Tensor shifted(Call c) {
    String direction = c.attributes().text("direction", "");
    return switch (direction) {
      case "LEFT" -> Bits.left(c.x(0), c.x(1));
      case "RIGHT" -> Bits.right(c.x(0), c.x(1));
      default -> throw c.error("has direction \"" + direction + "\"; known are LEFT and RIGHT");
    };
  }
}
