package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Casts, tensors of small types in files, and arithmetic of unsigned types. */
@ExtendWith(ScopePerTest.class)
class CastsTest {
  private static Tensor longs(long... values) {
    return Tensors.of(values, values.length);
  }

  @Test
  void roundTripsThroughEveryTypeThatHoldsTheNumbers() {
    Tensor x = longs(0, 1);
    for (ElementType type : ElementType.values()) {
      boolean holds = type.dtype().isPresent() && type != ElementType.FLOAT8E8M0;
      if (holds) {
        Tensor cast = OneNode.of("Cast").with("to", type.code()).run(x);
        assertThat(ElementType.of(cast.dtype())).isEqualTo(type);
        assertThat(cast.toLongs()).as(type.toString()).containsExactly(0, 1);
      }
    }
  }

  @Test
  void castLikeTakesTheTypeAndSaturatesUnlessToldNotTo() {
    Tensor like = Tensors.ofBytes(DType.FLOAT8E4M3FN, new byte[0], 0);
    Tensor x = Tensors.of(new float[] {1e4f}, 1);
    assertThat(OneNode.of("CastLike").run(x, like).toFloats()).containsExactly(448);
    assertThat(OneNode.of("CastLike").with("saturate", 0).run(x, like).toFloats())
        .containsExactly(Float.NaN);
  }

  @Test
  void gradientsPassACastBetweenRealTypes() {
    Tensor x = Tensors.of(new double[] {1, 2}, 2);
    OneNode cast = OneNode.of("Cast").with("to", ElementType.FLOAT.code());
    assertThat(OneNode.gradient(x, t -> cast.run(t))).containsExactly(1, 1);
  }

  @Test
  void bitCastReadsTheSameBitsOfTheSameWidthOnly() {
    Tensor x = Tensors.of(new float[] {1, -0.0f}, 2);
    OneNode asInt = OneNode.of("BitCast").with("to", ElementType.INT32.code());
    assertThat(asInt.run(x).toLongs()).containsExactly(0x3f800000, Integer.MIN_VALUE);
    OneNode asLong = OneNode.of("BitCast").with("to", ElementType.INT64.code());
    assertThatThrownBy(() -> asLong.run(x))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("float as int64, which have different widths");
  }

  @Test
  void elementsThatShareABytePackTheFirstInTheLowBits() {
    assertThat(packed(ElementType.INT4, 3, 0x8f, 0x07)).containsExactly(-1, -8, 7);
    assertThat(packed(ElementType.UINT4, 3, 0x8f, 0x07)).containsExactly(15, 8, 7);
    assertThat(packed(ElementType.INT2, 5, 0b11_10_01_00, 0b10)).containsExactly(0, 1, -2, -1, -2);
    assertThat(packed(ElementType.UINT2, 4, 0b11_10_01_00)).containsExactly(0, 1, 2, 3);
  }

  private static long[] packed(ElementType type, long count, int... bytes) {
    byte[] raw = new byte[bytes.length];
    TensorProto.Builder inRaw = TensorProto.newBuilder().setDataType(type.code()).addDims(count);
    TensorProto.Builder inInts = inRaw.clone();
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) bytes[i];
      inInts.addInt32Data(bytes[i]);
    }
    TensorProto proto = inRaw.setRawData(ByteString.copyFrom(raw)).build();
    long[] values = TensorData.tensor(proto).toLongs();
    assertThat(TensorData.tensor(inInts.build()).toLongs()).containsExactly(values);
    return values;
  }

  @Test
  void aPackedTensorOfTheWrongLengthIsRefused() {
    TensorProto proto =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(ElementType.INT4.code())
            .addDims(5)
            .setRawData(ByteString.copyFrom(new byte[2]))
            .build();
    GraphBuilder g = new GraphBuilder("short");
    g.input("x", ElementType.FLOAT, 1);
    g.initializer(proto);
    g.output(g.node("Identity", "x").to("y"), ElementType.FLOAT, 1);
    assertThatThrownBy(g::build)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("tensor w holds 4 elements, but its shape says 5");
  }

  @Test
  void unsignedArithmeticWrapsAround() {
    Tensor greatest = longs(65535).to(DType.UINT16);
    Tensor two = longs(2).to(DType.UINT16);
    assertThat(OneNode.of("Add").run(greatest, two).toLongs()).containsExactly(1);
    assertThat(OneNode.of("Sub").run(two, greatest).toLongs()).containsExactly(3);
    assertThat(OneNode.of("Mul").run(greatest, greatest).dtype()).isEqualTo(DType.UINT16);
    Tensor four = longs(4L << 30).to(DType.UINT32);
    assertThat(OneNode.of("Add").run(four, longs(5).to(DType.UINT32)).toLongs()).containsExactly(5);
    Tensor all = longs(-1).to(DType.UINT64);
    assertThat(OneNode.of("Add").run(all, longs(3).to(DType.UINT64)).toLongs()).containsExactly(2);
    assertThat(OneNode.of("Less").run(two, greatest).toLongs()).containsExactly(1);
  }

  @Test
  void unsignedNumbersThatNoSignedTypeHoldsAreRefusedWhereTheyWouldCount() {
    Tensor all = longs(-1).to(DType.UINT64);
    assertThat(all.toDoubles()).containsExactly(0x1p64);
    assertThatThrownBy(() -> OneNode.of("Div").run(all, all))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2^63 or more");
  }
}
