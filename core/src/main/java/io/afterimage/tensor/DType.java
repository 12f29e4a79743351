package io.afterimage.tensor;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type of a tensor's elements. */
public enum DType {
  FLOAT(4),
  DOUBLE(8),
  LONG(8),
  INT(4),
  SHORT(2),
  BYTE(1),
  UBYTE(1),
  BOOL(1),
  HALF(2),
  BFLOAT16(2);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether its elements are real numbers, so that gradients exist. */
  public boolean isFloating() {
    return this == FLOAT || this == DOUBLE || this == HALF || this == BFLOAT16;
  }

  ScalarType scalarType() {
    return switch (this) {
      case FLOAT -> ScalarType.Float;
      case DOUBLE -> ScalarType.Double;
      case LONG -> ScalarType.Long;
      case INT -> ScalarType.Int;
      case SHORT -> ScalarType.Short;
      case BYTE -> ScalarType.Char;
      case UBYTE -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
      case HALF -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
    };
  }

  TensorOptions options() {
    return Options.of(this);
  }

  static DType of(ScalarType type) {
    // The binding answers with enum objects of its own making, whose ordinal is always 0.
    return switch (type.intern()) {
      case Float -> FLOAT;
      case Double -> DOUBLE;
      case Long -> LONG;
      case Int -> INT;
      case Short -> SHORT;
      case Char -> BYTE;
      case Byte -> UBYTE;
      case Bool -> BOOL;
      case Half -> HALF;
      case BFloat16 -> BFLOAT16;
      default ->
          throw new IllegalArgumentException("tensors of type " + type + " are not supported");
    };
  }

  /** Made once, and apart so that naming a type loads no native. */
  private static final class Options {
    private static final Map<DType, TensorOptions> ALL = new EnumMap<>(DType.class);

    static {
      for (DType type : values()) {
        ALL.put(type, new TensorOptions(type.scalarType()));
      }
    }

    static TensorOptions of(DType type) {
      return requireNonNull(ALL.get(type));
    }
  }
}
