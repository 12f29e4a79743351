package io.afterimage.tensor;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The type of a tensor's elements.
 *
 * <p>libtorch computes with those up to BFLOAT16. It stores, moves and converts the unsigned ones
 * of 16, 32 and 64 bits, but hardly computes with them. Those from FLOAT8E4M3FN on are {@linkplain
 * #isCoded() codes}: each element is one byte, of which the types of fewer bits use the low ones
 * (whole numbers with their sign extended); only {@link Codes} knows what they stand for.
 */
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
  BFLOAT16(2),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  FLOAT8E4M3FN(1),
  FLOAT8E4M3FNUZ(1),
  FLOAT8E5M2(1),
  FLOAT8E5M2FNUZ(1),
  FLOAT8E8M0(1),
  FLOAT4E2M1(1),
  UINT4(1),
  INT4(1),
  UINT2(1),
  INT2(1);

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

  /** Whether its elements are codes of one byte, which must be converted to compute with them. */
  public boolean isCoded() {
    return compareTo(FLOAT8E4M3FN) >= 0;
  }

  /** Whether it is an unsigned type that libtorch stores but does not compute with. */
  public boolean isStoredUnsigned() {
    return this == UINT16 || this == UINT32 || this == UINT64;
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
      case UINT16 -> ScalarType.UInt16;
      case UINT32 -> ScalarType.UInt32;
      case UINT64 -> ScalarType.UInt64;
      case FLOAT8E4M3FN -> ScalarType.Float8_e4m3fn;
      case FLOAT8E4M3FNUZ -> ScalarType.Float8_e4m3fnuz;
      case FLOAT8E5M2 -> ScalarType.Float8_e5m2;
      case FLOAT8E5M2FNUZ -> ScalarType.Float8_e5m2fnuz;
      case FLOAT8E8M0 -> ScalarType.Float8_e8m0fnu;
      case FLOAT4E2M1 -> ScalarType.Float4_e2m1fn_x2;
      case UINT4 -> ScalarType.UInt4;
      case INT4 -> ScalarType.Int4;
      case UINT2 -> ScalarType.UInt2;
      case INT2 -> ScalarType.Int2;
    };
  }

  TensorOptions options() {
    return Options.of(this);
  }

  /** The type that libtorch calls so. */
  static DType of(ScalarType type) {
    // The binding answers with enum objects of its own making: only their value can be relied on.
    DType found = type.value < 0 ? null : Options.BY_CODE[type.value];
    if (found == null) {
      throw new IllegalArgumentException("tensors of type " + type + " are not supported");
    }
    return found;
  }

  /** Made once, and apart so that naming a type loads no native. */
  private static final class Options {
    private static final Map<DType, TensorOptions> ALL = new EnumMap<>(DType.class);
    private static final @Nullable DType[] BY_CODE = new DType[Byte.MAX_VALUE + 1];

    static {
      for (DType type : values()) {
        ALL.put(type, new TensorOptions(type.scalarType()));
        BY_CODE[type.scalarType().value] = type;
      }
    }

    static TensorOptions of(DType type) {
      return requireNonNull(ALL.get(type));
    }
  }
}
