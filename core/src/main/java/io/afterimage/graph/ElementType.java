package io.afterimage.graph;

import io.afterimage.tensor.DType;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element types of ONNX, with the tensor type that holds such elements here. */
public enum ElementType {
  FLOAT(1, 4, DType.FLOAT),
  UINT8(2, 1, DType.UBYTE),
  INT8(3, 1, DType.BYTE),
  UINT16(4, 2, DType.UINT16),
  INT16(5, 2, DType.SHORT),
  INT32(6, 4, DType.INT),
  INT64(7, 8, DType.LONG),
  STRING(8, 0, null),
  BOOL(9, 1, DType.BOOL),
  FLOAT16(10, 2, DType.HALF),
  DOUBLE(11, 8, DType.DOUBLE),
  UINT32(12, 4, DType.UINT32),
  UINT64(13, 8, DType.UINT64),
  COMPLEX64(14, 8, null),
  COMPLEX128(15, 16, null),
  BFLOAT16(16, 2, DType.BFLOAT16),
  FLOAT8E4M3FN(17, 1, DType.FLOAT8E4M3FN),
  FLOAT8E4M3FNUZ(18, 1, DType.FLOAT8E4M3FNUZ),
  FLOAT8E5M2(19, 1, DType.FLOAT8E5M2),
  FLOAT8E5M2FNUZ(20, 1, DType.FLOAT8E5M2FNUZ),
  UINT4(21, 1, DType.UINT4),
  INT4(22, 1, DType.INT4),
  FLOAT4E2M1(23, 1, DType.FLOAT4E2M1),
  FLOAT8E8M0(24, 1, DType.FLOAT8E8M0),
  UINT2(25, 1, DType.UINT2),
  INT2(26, 1, DType.INT2);

  private final int code;
  private final int bytes;
  private final @Nullable DType dtype;

  ElementType(int code, int bytes, @Nullable DType dtype) {
    this.code = code;
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** Its number in the format. */
  public int code() {
    return code;
  }

  /** How many bits an element has in a file; 0 for strings. */
  public int bits() {
    return switch (this) {
      case UINT4, INT4, FLOAT4E2M1 -> 4;
      case UINT2, INT2 -> 2;
      default -> 8 * bytes;
    };
  }

  /** Bytes an element in memory, those of less than 8 bits among them; 0 for strings. */
  public int bytes() {
    return bytes;
  }

  /** The tensor type that holds it; empty where libtorch has none. */
  public Optional<DType> dtype() {
    return Optional.ofNullable(dtype);
  }

  /** Whether its elements are numbers with a fraction. */
  public boolean isFloating() {
    return dtype != null && dtype.isFloating();
  }

  /** The type that such a tensor type holds. */
  public static ElementType of(DType dtype) {
    for (ElementType type : values()) {
      if (type.dtype == dtype) {
        return type;
      }
    }
    throw new IllegalStateException("every tensor type is an element type, but not " + dtype);
  }

  /** The type of this number; empty for types that this program does not know. */
  public static Optional<ElementType> of(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
