package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Quantisation and exact integer products, against loops over whole numbers. */
@ExtendWith(ScopePerTest.class)
class QuantisationTest {
  private final RandomGenerator random = Run.of(3).random("codes");

  private static Tensor floats(float... values) {
    return Tensors.of(values, values.length);
  }

  private static Tensor zero(DType type, long value) {
    return Tensors.scalar(value).to(type);
  }

  private long[] bytes(int count) {
    return random.longs(count, 0, 256).toArray();
  }

  // ---- QuantizeLinear and DequantizeLinear

  @Test
  void roundsHalvesToTheEvenNumberAndSaturates() {
    Tensor x = floats(0.25f, 0.75f, -0.25f, 1000, -1000, 1.1f);
    Tensor scale = Tensors.scalar(0.5f);
    assertThat(OneNode.of("QuantizeLinear").run(x, scale, zero(DType.UBYTE, 10)).toLongs())
        .containsExactly(10, 12, 10, 255, 0, 12);
    assertThat(OneNode.of("QuantizeLinear").run(x, scale, zero(DType.BYTE, -3)).toLongs())
        .containsExactly(-3, -1, -3, 127, -128, -1);
    assertThat(OneNode.of("QuantizeLinear").run(x, scale, zero(DType.INT4, 1)).toLongs())
        .containsExactly(1, 3, 1, 7, -8, 3);
    assertThat(OneNode.of("QuantizeLinear").run(x, scale, zero(DType.UINT16, 1)).toLongs())
        .containsExactly(1, 3, 1, 2001, 0, 3);
    assertThat(OneNode.of("QuantizeLinear").run(x, scale).dtype()).isEqualTo(DType.UBYTE);
  }

  @Test
  void everyQuantisedNumberOfEveryTypeReturnsAsItWas() {
    for (DType type : List.of(DType.UBYTE, DType.BYTE, DType.INT4, DType.UINT4, DType.UINT2)) {
      Tensor all = Tensors.arange(256).to(type);
      Tensor scale = Tensors.scalar(0.37f);
      Tensor real = OneNode.of("DequantizeLinear").run(all, scale, zero(type, 1));
      Tensor again = OneNode.of("QuantizeLinear").run(real, scale, zero(type, 1));
      assertThat(again.dtype()).isEqualTo(type);
      assertThat(again.toLongs()).as(type.toString()).containsExactly(all.toLongs());
    }
  }

  @Test
  void scalesMayDifferByAxisOrByBlock() {
    Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor perRow = OneNode.of("QuantizeLinear").with("axis", 0).run(x, floats(1, 0.5f));
    assertThat(perRow.toLongs()).containsExactly(1, 2, 3, 8, 10, 12);
    Tensor scales = Tensors.of(new float[] {1, 0.5f, 0.25f, 0.125f}, 2, 2);
    OneNode blocked = OneNode.of("QuantizeLinear").with("axis", 1).with("block_size", 2);
    assertThat(blocked.run(x, scales).toLongs()).containsExactly(1, 2, 6, 16, 20, 48);
    OneNode back = OneNode.of("DequantizeLinear").with("axis", 1).with("block_size", 2);
    assertThat(back.run(blocked.run(x, scales), scales).toFloats()).containsExactly(x.toFloats());
  }

  @Test
  void scalesThatDoNotFitAreRefused() {
    Tensor x = Tensors.of(new float[6], 2, 3);
    assertThatThrownBy(() -> OneNode.of("QuantizeLinear").run(x, floats(1, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 scales or zero points for axis 1 of shape [2, 3]");
    OneNode blocked = OneNode.of("QuantizeLinear").with("block_size", 1L << 40);
    assertThatThrownBy(() -> blocked.run(x, Tensors.of(new float[4], 2, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("blocks of 1099511627776");
  }

  @Test
  void float8RoundsToItsOwnValues() {
    Tensor none = Tensors.ofBytes(DType.FLOAT8E4M3FN, new byte[1]);
    Tensor y = OneNode.of("QuantizeLinear").run(floats(2.2f, 2000), Tensors.scalar(2f), none);
    assertThat(y.dtype()).isEqualTo(DType.FLOAT8E4M3FN);
    assertThat(OneNode.of("DequantizeLinear").run(y, Tensors.scalar(2f)).toFloats())
        .containsExactly(2.25f, 896);
  }

  @Test
  void theGradientIsThatOfTheClamp() {
    Tensor x = Tensors.of(new double[] {0.3, -0.7, 100, -100}, 4);
    Tensor scale = Tensors.scalar(0.5);
    OneNode quantize = OneNode.of("QuantizeLinear");
    double[] gradient = OneNode.gradient(x, t -> quantize.run(t, scale, zero(DType.BYTE, 3)));
    assertThat(gradient).containsExactly(2, 2, 0, 0);
    // With gradients the values are the very same.
    Tensor leaf = x.copy().requireGrad();
    assertThat(quantize.run(leaf, scale, zero(DType.BYTE, 3)).toDoubles())
        .containsExactly(quantize.run(x, scale, zero(DType.BYTE, 3)).toDoubles());
  }

  @Test
  void dequantisedNumbersHaveTheTrueGradientOfTheirScale() {
    Tensor codes = Tensors.of(new long[] {5, 7}, 2).to(DType.UBYTE);
    OneNode node = OneNode.of("DequantizeLinear");
    double[] gradient =
        OneNode.gradient(Tensors.scalar(0.5), s -> node.run(codes, s, zero(DType.UBYTE, 4)));
    assertThat(gradient).containsExactly(4);
  }

  // ---- DynamicQuantizeLinear

  @Test
  void theDynamicScaleSpansTheInputAndZero() {
    List<Tensor> outputs = OneNode.of("DynamicQuantizeLinear").outputs(3, floats(-1, 0, 1.55f));
    assertThat(outputs.get(1).item()).isEqualTo(0.01, within(1e-8));
    assertThat(outputs.get(2).toLongs()).containsExactly(100);
    assertThat(outputs.get(0).toLongs()).containsExactly(0, 100, 255);
    List<Tensor> positive = OneNode.of("DynamicQuantizeLinear").outputs(3, floats(255, 3));
    assertThat(positive.get(0).toLongs()).containsExactly(255, 3);
    List<Tensor> flat = OneNode.of("DynamicQuantizeLinear").outputs(3, floats(0, 0));
    assertThat(flat.get(1).item()).isEqualTo(1);
  }

  @Test
  void theDynamicGradientIsOneOverTheScale() {
    Tensor x = Tensors.of(new double[] {-1, 0.2, 1.55}, 3);
    double[] gradient = OneNode.gradient(x, t -> OneNode.of("DynamicQuantizeLinear").run(t));
    assertThat(gradient).containsExactly(new double[] {100, 100, 100}, within(1e-9));
  }

  // ---- products

  private static long[] slowProduct(long[] a, long[] b, long[] za, long[] zb) {
    int inner = a.length / za.length;
    long[] sums = new long[za.length * zb.length];
    for (int i = 0; i < za.length; i++) {
      for (int j = 0; j < zb.length; j++) {
        for (int k = 0; k < inner; k++) {
          sums[i * zb.length + j] += (a[i * inner + k] - za[i]) * (b[k * zb.length + j] - zb[j]);
        }
      }
    }
    return sums;
  }

  @Test
  void productsOfIntegersAreExactWithZeroPointsByRowAndColumn() {
    int inner = 4000;
    long[] a = bytes(2 * inner);
    long[] b = bytes(inner * 3);
    long[] za = {0, 250};
    long[] zb = {3, 255, 0};
    Tensor product =
        OneNode.of("MatMulInteger")
            .run(
                Tensors.of(a, 2, inner).to(DType.UBYTE),
                Tensors.of(b, inner, 3).to(DType.UBYTE),
                Tensors.of(za, 2).to(DType.UBYTE),
                Tensors.of(zb, 3).to(DType.UBYTE));
    assertThat(product.dtype()).isEqualTo(DType.INT);
    assertThat(product.toLongs()).containsExactly(slowProduct(a, b, za, zb));
  }

  @Test
  void linearProductsAreRequantised() {
    long[] a = bytes(2 * 5);
    long[] b = bytes(5 * 3);
    Tensor product = linearProduct(Tensors.of(a, 2, 5).to(DType.UBYTE), b);
    long[] sums = slowProduct(a, b, new long[] {7, 7}, new long[] {9, 9, 9});
    float factor = 0.5f * 0.25f / 40;
    for (int i = 0; i < sums.length; i++) {
      long expected = Math.round(Math.max(0, Math.min(255, Math.rint(sums[i] * factor) + 100)));
      assertThat(product.toLongs()[i]).isEqualTo(expected);
    }
  }

  private static Tensor linearProduct(Tensor a, long[] b) {
    return OneNode.of("QLinearMatMul")
        .run(
            a,
            Tensors.scalar(0.5f),
            zero(DType.UBYTE, 7),
            Tensors.of(b, 5, 3).to(DType.UBYTE),
            Tensors.scalar(0.25f),
            zero(DType.UBYTE, 9),
            Tensors.scalar(40f),
            zero(DType.UBYTE, 100));
  }

  @Test
  void gradientsPassProductsOfQuantisedNumbers() {
    long[] b = bytes(15);
    Tensor a = Tensors.of(new double[] {7, 8, 9, 10, 11}, 1, 5);
    double[] gradient = OneNode.gradient(a, t -> linearProduct(t, b));
    double[] expected = new double[5];
    for (int k = 0; k < 5; k++) {
      expected[k] = (b[3 * k] + b[3 * k + 1] + b[3 * k + 2] - 27) * (0.5 * 0.25 / 40);
    }
    assertThat(gradient).containsExactly(expected, within(1e-6));
  }

  @Test
  void convolutionsOfIntegersPadWithTheZeroPoint() {
    long[] x = bytes(9);
    long[] w = bytes(8);
    Tensor y =
        OneNode.of("ConvInteger")
            .with("pads", new long[] {1, 1, 0, 0})
            .run(
                Tensors.of(x, 1, 1, 3, 3).to(DType.UBYTE),
                Tensors.of(w, 2, 1, 2, 2).to(DType.UBYTE),
                zero(DType.UBYTE, 100),
                Tensors.of(new long[] {5, 6}, 2).to(DType.UBYTE));
    assertThat(y.toLongs()).containsExactly(slowConv(x, w, 100, new long[] {5, 6}));
  }

  private static long[] slowConv(long[] x, long[] w, long zero, long[] zw) {
    long[] sums = new long[zw.length * 9];
    for (int i = 0; i < sums.length; i++) {
      int channel = i / 9;
      for (int tap = 0; tap < 4; tap++) {
        int row = i % 9 / 3 + tap / 2 - 1;
        int column = i % 3 + tap % 2 - 1;
        if (row >= 0 && column >= 0) {
          sums[i] += (x[3 * row + column] - zero) * (w[4 * channel + tap] - zw[channel]);
        }
      }
    }
    return sums;
  }

  @Test
  void linearConvolutionsScaleEveryChannelAndAddTheBiasExactly() {
    long[] x = bytes(9);
    long[] w = bytes(8);
    float[] scales = {0.5f, 0.125f};
    Tensor y =
        OneNode.of("QLinearConv")
            .with("pads", new long[] {1, 1, 0, 0})
            .run(
                Tensors.of(x, 1, 1, 3, 3).to(DType.UBYTE),
                Tensors.scalar(0.5f),
                zero(DType.UBYTE, 100),
                Tensors.of(w, 2, 1, 2, 2).to(DType.UBYTE),
                floats(scales),
                Tensors.of(new long[] {5, 6}, 2).to(DType.UBYTE),
                Tensors.scalar(64f),
                zero(DType.BYTE, -4),
                Tensors.of(new int[] {1 << 20, -77}, 2));
    long[] sums = slowConv(x, w, 100, new long[] {5, 6});
    long[] bias = {1 << 20, -77};
    for (int i = 0; i < sums.length; i++) {
      float scaled = (sums[i] + bias[i / 9]) * (0.5f * scales[i / 9] / 64);
      long expected = (long) Math.max(-128, Math.min(127, Math.rint(scaled) - 4));
      assertThat(y.toLongs()[i]).isEqualTo(expected);
    }
  }
}
