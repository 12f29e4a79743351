package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Bits;
import io.afterimage.tensor.Codes;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import java.util.List;

/** The same numbers as another type, and the same bits as other numbers. */
final class Casts {
  private Casts() {}

  static void register() {
    Operators.many("Cast", c -> List.of(cast(c, target(c))));
    Operators.many("CastLike", c -> List.of(cast(c, like(c.value(1)))));
    Operators.flat("BitCast", "its output is bits read as other numbers", Casts::reinterpreted);
  }

  private static ElementType target(Call c) {
    return ElementType.of((int) c.attributes().integer("to", 0))
        .orElseThrow(() -> c.error("casts to a type that is not supported"));
  }

  private static ElementType like(Value value) {
    return value instanceof Value.Numbers numbers
        ? ElementType.of(numbers.tensor().dtype())
        : ElementType.STRING;
  }

  private static Value cast(Call c, ElementType to) {
    if (c.value(0) instanceof Value.Strings strings) {
      return Texts.parsed(c, strings, to);
    }
    return to == ElementType.STRING ? Texts.printed(c.x(0)) : Value.of(converted(c, dtype(c, to)));
  }

  private static DType dtype(Call c, ElementType to) {
    return to.dtype()
        .map(c::type)
        .orElseThrow(() -> c.error("casts to " + to + ", which is not supported"));
  }

  private static Tensor converted(Call c, DType to) {
    Tensor x = c.x(0);
    if (!to.isCoded() || x.dtype() == to) {
      return x.to(to);
    }
    return Codes.encoded(x, to, c.attributes().flag("saturate", true), rounding(c));
  }

  private static Codes.Rounding rounding(Call c) {
    String mode = c.attributes().text("round_mode", "up");
    return switch (mode) {
      case "up" -> Codes.Rounding.UP;
      case "down" -> Codes.Rounding.DOWN;
      case "nearest" -> Codes.Rounding.NEAREST;
      default -> throw c.error("has round_mode " + mode + "; known are up, down and nearest");
    };
  }

  private static Tensor reinterpreted(Call c) {
    ElementType to = target(c);
    // Its own precision: where FLOAT stands for DOUBLE the bits are those of a float.
    Tensor x =
        c.x(0).dtype() == DType.DOUBLE && c.real() == DType.DOUBLE && to.bits() == 32
            ? c.x(0).to(DType.FLOAT)
            : c.x(0);
    if (ElementType.of(x.dtype()).bits() != to.bits()) {
      throw c.error(
          "reads %s as %s, which have different widths".formatted(ElementType.of(x.dtype()), to));
    }
    DType type = to.dtype().orElseThrow(() -> c.error("casts to a type that is not supported"));
    return Bits.reinterpreted(x, type).to(c.type(type));
  }
}
