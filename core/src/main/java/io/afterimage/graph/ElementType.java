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
  UINT16(4, 2, null),
  INT16(5, 2, DType.SHORT),
  INT32(6, 4, DType.INT),
  INT64(7, 8, DType.LONG),
  STRING(8, 0, null),
  BOOL(9, 1, DType.BOOL),
  FLOAT16(10, 2, DType.HALF),
  DOUBLE(11, 8, DType.DOUBLE),
  UINT32(12, 4, null),
  UINT64(13, 8, null),
  COMPLEX64(14, 8, null),
  COMPLEX128(15, 16, null),
  BFLOAT16(16, 2, DType.BFLOAT16);

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

  /** Bytes an element; 0 for strings. */
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

  /** The type of this number; empty for types that this program does not know (float8, int4, …). */
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
