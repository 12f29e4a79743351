package io.afterimage.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.tensor.Codes.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code of every small type, against what the formats' tables say. */
@ExtendWith(ScopePerTest.class)
class CodesTest {
  private static float[] cast(DType type, boolean saturate, float... values) {
    return Codes.encoded(Tensors.of(values, values.length), type, saturate, Rounding.UP).toFloats();
  }

  private static float[] scales(Rounding rounding, boolean saturate, float... values) {
    Tensor x = Tensors.of(values, values.length);
    return Codes.encoded(x, DType.FLOAT8E8M0, saturate, rounding).toFloats();
  }

  private static Tensor everyCode(DType type, int count) {
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      codes[i] = (byte) i;
    }
    return Tensors.ofBytes(type, codes, count);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "FLOAT8E8M0"})
  void readsEveryCodeOfEightBitsAsLibtorchDoes(DType type) {
    Tensor codes = everyCode(type, 256);
    try (org.bytedeco.pytorch.Tensor theirs = codes.raw().to(DType.FLOAT.scalarType())) {
      assertThat(codes.toFloats()).containsExactly(Tensor.copyOf(theirs).toFloats());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ"})
  void writesEveryFiniteNumberOfATypeAsItsOwnCode(DType type) {
    float[] values = everyCode(type, 256).toFloats();
    for (float value : values) {
      if (!Float.isNaN(value)) {
        assertThat(cast(type, false, value)).containsExactly(value);
      }
    }
  }

  @Test
  void aNumberBetweenTwoBecomesTheNearerAndOfEqualsTheEven() {
    // Neighbours of 1 in E4M3 are 1.125 and 1.25, codes 0x39 and 0x3a.
    assertThat(cast(DType.FLOAT8E4M3FN, true, 1.06f, 1.0625f, 1.07f, 1.1875f, -1.1875f))
        .containsExactly(1, 1, 1.125f, 1.25f, -1.25f);
    // Half of the least is a tie with 0, which is even.
    assertThat(cast(DType.FLOAT8E4M3FN, true, 0x1p-10f, 0x1.1p-10f)).containsExactly(0, 0x1p-9f);
  }

  @Test
  void whatLiesBeyondTheGreatestSaturatesOrLeavesTheType() {
    float inf = Float.POSITIVE_INFINITY;
    float nan = Float.NaN;
    assertThat(cast(DType.FLOAT8E4M3FN, true, 1e6f, -inf)).containsExactly(448, -448);
    assertThat(cast(DType.FLOAT8E4M3FN, false, 464, 465, -inf)).containsExactly(448, nan, nan);
    assertThat(cast(DType.FLOAT8E5M2, false, 61439, 61440, -inf)).containsExactly(57344, inf, -inf);
    assertThat(cast(DType.FLOAT8E5M2, true, inf)).containsExactly(57344);
    assertThat(cast(DType.FLOAT8E4M3FNUZ, false, 247, 248)).containsExactly(240, nan);
    assertThat(cast(DType.FLOAT4E2M1, false, 100, -100)).containsExactly(6, -6);
  }

  @Test
  void aTypeWithoutNegativeZeroHasOneZeroAndOneNaN() {
    Tensor x = Tensors.of(new float[] {-0.0f, -1e-9f, Float.NaN}, 3);
    Tensor codes = Codes.encoded(x, DType.FLOAT8E5M2FNUZ, true, Rounding.UP);
    assertThat(Bits.reinterpreted(codes, DType.UBYTE).toLongs()).containsExactly(0, 0, 0x80);
  }

  @Test
  void float4HasEightMagnitudes() {
    assertThat(everyCode(DType.FLOAT4E2M1, 16).toFloats())
        .containsExactly(0, .5f, 1, 1.5f, 2, 3, 4, 6, -0f, -.5f, -1, -1.5f, -2, -3, -4, -6);
    assertThat(cast(DType.FLOAT4E2M1, true, 0.25f, 0.75f, 2.5f, 3.5f, 5, 5.01f))
        .containsExactly(0, 1, 2, 4, 4, 6);
  }

  @Test
  void powersOfTwoRoundAsAsked() {
    assertThat(scales(Rounding.UP, true, 1, 1.01f, 3)).containsExactly(1, 2, 4);
    assertThat(scales(Rounding.DOWN, true, 1, 1.99f, 3)).containsExactly(1, 1, 2);
    assertThat(scales(Rounding.NEAREST, true, 1.49f, 1.5f)).containsExactly(1, 2);
    assertThat(scales(Rounding.UP, true, 0, Float.MAX_VALUE, Float.POSITIVE_INFINITY))
        .containsExactly(0x1p-127f, 0x1p127f, 0x1p127f);
    assertThat(scales(Rounding.NEAREST, false, 0, Float.MAX_VALUE))
        .containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void wholeNumbersLoseTheirFractionAndTheirHighBits() {
    Tensor x = Tensors.of(new float[] {7.9f, -7.9f, 8, 17, -9}, 5);
    assertThat(x.to(DType.INT4).toLongs()).containsExactly(7, -7, -8, 1, 7);
    assertThat(x.to(DType.UINT4).toLongs()).containsExactly(7, 9, 8, 1, 7);
    assertThat(x.to(DType.INT2).toLongs()).containsExactly(-1, 1, 0, 1, -1);
    assertThat(x.to(DType.UINT2).to(DType.INT).toLongs()).containsExactly(3, 1, 0, 1, 3);
  }
}
