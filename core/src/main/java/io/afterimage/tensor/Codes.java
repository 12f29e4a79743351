package io.afterimage.tensor;

import java.util.Arrays;

/**
 * Numbers of 8 bits and fewer, which are stored as codes: float8 in its variants, float4, and whole
 * numbers of 4 and 2 bits.
 *
 * <p>A number becomes the nearest that the type has, of two equally near the one with the even
 * code. Beyond the greatest it becomes the greatest where saturating, else infinity or NaN,
 * whichever the type has; float4 always saturates. FLOAT8E8M0 has powers of two alone, and rounds
 * as asked. Real numbers become whole ones of 4 or 2 bits by cutting off the fraction, and then the
 * high bits.
 *
 * <p>Micikevicius et al.: FP8 Formats for Deep Learning, 2022; Open Compute Project: Microscaling
 * Formats, 2023.
 */
public final class Codes {
  private Codes() {}

  /** How a number between two powers of two becomes one of them. */
  public enum Rounding {
    /** The greater one. */
    UP,
    /** The lesser one. */
    DOWN,
    /** The nearer one, the greater of two equally near. */
    NEAREST
  }

  /** To or from a coded type, saturating. */
  static Tensor converted(Tensor x, DType type) {
    return type.isCoded() ? encoded(x, type, true, Rounding.UP) : decoded(x).to(type);
  }

  /** The numbers that codes stand for: FLOAT, or BYTE and UBYTE where the type's are whole. */
  public static Tensor decoded(Tensor coded) {
    return switch (coded.dtype()) {
      case INT4, INT2 -> Bits.reinterpreted(coded, DType.BYTE);
      case UINT4, UINT2 -> Bits.reinterpreted(coded, DType.UBYTE);
      default -> {
        Tensor codes = Bits.reinterpreted(coded, DType.UBYTE).to(DType.LONG).reshape(-1);
        float[] table = table(coded.dtype());
        Tensor values = Indexing.indexSelect(Tensors.of(table, table.length), 0, codes);
        yield values.reshape(coded.shape());
      }
    };
  }

  /**
   * Numbers as codes.
   *
   * @param saturate whether numbers beyond the type's greatest become the greatest
   * @param rounding of FLOAT8E8M0
   */
  public static Tensor encoded(Tensor x, DType type, boolean saturate, Rounding rounding) {
    return switch (type) {
      case INT4 -> whole(x, 8, 16, DType.BYTE, type);
      case INT2 -> whole(x, 2, 4, DType.BYTE, type);
      case UINT4 -> whole(x, 0, 16, DType.UBYTE, type);
      case UINT2 -> whole(x, 0, 4, DType.UBYTE, type);
      default -> real(x, type, saturate, rounding);
    };
  }

  private static Tensor whole(Tensor x, long offset, long count, DType carrier, DType type) {
    Tensor from = Tensors.scalar(offset);
    Tensor shifted = x.to(DType.LONG).add(from);
    Tensor wrapped = Maths.remainder(shifted, Tensors.scalar(count)).sub(from);
    return Bits.reinterpreted(wrapped.to(carrier), type);
  }

  private static Tensor real(Tensor x, DType type, boolean saturate, Rounding rounding) {
    float[] values = x.toFloats();
    byte[] codes = new byte[values.length];
    Format format = type == DType.FLOAT8E8M0 ? null : Format.of(type);
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          (byte)
              (format == null
                  ? powerOfTwo(values[i], saturate, rounding)
                  : format.code(values[i], saturate));
    }
    return Tensors.ofBytes(type, codes, x.shape());
  }

  private static float[] table(DType type) {
    float[] table = new float[256];
    Format format = type == DType.FLOAT8E8M0 ? null : Format.of(type);
    for (int code = 0; code < table.length; code++) {
      table[code] = format == null ? powerOfTwo(code) : format.value(code);
    }
    return table;
  }

  private static final int SCALE_BIAS = 127;
  private static final int SCALE_NAN = 255;

  private static float powerOfTwo(int code) {
    return code == SCALE_NAN ? Float.NaN : (float) Math.scalb(1.0, code - SCALE_BIAS);
  }

  private static int powerOfTwo(float value, boolean saturate, Rounding rounding) {
    if (Float.isNaN(value)) {
      return SCALE_NAN;
    }
    double magnitude = Math.abs((double) value);
    int exponent = Math.getExponent(magnitude);
    double fraction = magnitude == 0 ? 0 : magnitude / Math.scalb(1.0, exponent);
    boolean up = rounding == Rounding.UP ? fraction > 1 : fraction >= 1.5;
    int code = exponent + (up && rounding != Rounding.DOWN ? 1 : 0) + SCALE_BIAS;
    int nearest = Math.max(0, Math.min(SCALE_NAN - 1, code));
    return code == nearest || saturate ? nearest : SCALE_NAN;
  }

  /**
   * A floating type of one sign bit, some bits of exponent and some of mantissa.
   *
   * @param sign the code's bit for negative numbers
   * @param magnitudes what the codes without sign stand for, up to the greatest finite number
   * @param beyond the code of what lies beyond: infinity, NaN, or the greatest number itself
   * @param hasInfinity whether that is infinity
   * @param nan the code of NaN; float4 has none, and -0 takes its place
   * @param hasNegativeZero whether the code of -0 means -0; else it means NaN
   */
  private record Format(
      int sign,
      double[] magnitudes,
      int beyond,
      boolean hasInfinity,
      int nan,
      boolean hasNegativeZero) {

    static Format of(DType type) {
      return switch (type) {
        case FLOAT8E4M3FN -> new Format(0x80, magnitudes(3, 7, 0x7e), 0x7f, false, 0x7f, true);
        case FLOAT8E4M3FNUZ -> new Format(0x80, magnitudes(3, 8, 0x7f), 0x80, false, 0x80, false);
        case FLOAT8E5M2 -> new Format(0x80, magnitudes(2, 15, 0x7b), 0x7c, true, 0x7e, true);
        case FLOAT8E5M2FNUZ -> new Format(0x80, magnitudes(2, 16, 0x7f), 0x80, false, 0x80, false);
        case FLOAT4E2M1 -> new Format(0x8, magnitudes(1, 1, 0x7), 0x7, false, 0x8, true);
        default -> throw new IllegalArgumentException(type + " is no floating type of codes");
      };
    }

    private static double[] magnitudes(int mantissa, int bias, int greatest) {
      double[] magnitudes = new double[greatest + 1];
      for (int code = 0; code <= greatest; code++) {
        int exponent = code >> mantissa;
        int fraction = code & ((1 << mantissa) - 1);
        int hidden = exponent == 0 ? 0 : 1 << mantissa;
        magnitudes[code] =
            Math.scalb((double) (hidden + fraction), Math.max(1, exponent) - bias - mantissa);
      }
      return magnitudes;
    }

    float value(int code) {
      int magnitude = code & (sign - 1);
      if ((code == sign && !hasNegativeZero) || magnitude >= magnitudes.length) {
        boolean infinite = hasInfinity && magnitude == beyond;
        return infinite ? (float) signed(code, Double.POSITIVE_INFINITY) : Float.NaN;
      }
      return (float) signed(code, magnitudes[magnitude]);
    }

    private double signed(int code, double magnitude) {
      return (code & sign) != 0 ? -magnitude : magnitude;
    }

    int code(float value, boolean saturate) {
      int magnitude = Float.isNaN(value) ? nan : finite(Math.abs((double) value), saturate);
      // Codes without -0 have one NaN, in its place.
      boolean unsigned = !hasNegativeZero && (magnitude == 0 || magnitude == nan);
      boolean negative = Float.floatToRawIntBits(value) < 0;
      return negative && !unsigned ? magnitude | sign : magnitude;
    }

    private int finite(double value, boolean saturate) {
      int nearest = nearest(value);
      if (nearest < magnitudes.length) {
        return nearest;
      }
      return saturate ? magnitudes.length - 1 : beyond;
    }

    /** The code of the nearest magnitude; one past the last where that lies beyond all. */
    private int nearest(double value) {
      int found = Arrays.binarySearch(magnitudes, value);
      if (found >= 0) {
        return found;
      }
      int below = -found - 2;
      int last = magnitudes.length - 1;
      double step =
          below < last
              ? magnitudes[below + 1] - magnitudes[below]
              : magnitudes[last] - magnitudes[last - 1];
      double over = value - magnitudes[below] - step / 2;
      return over > 0 || (over == 0 && below % 2 == 1) ? below + 1 : below;
    }
  }
}
