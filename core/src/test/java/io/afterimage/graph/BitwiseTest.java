package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ScopePerTest.class)
class BitwiseTest {
  private static final long[] A = {0b1100, 0b1010, 200};
  private static final long[] B = {0b1010, 0b0110, 3};

  private static long[] run(OneNode node, DType type) {
    return node.run(Tensors.of(A, 3).to(type), Tensors.of(B, 3).to(type)).toLongs();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"UBYTE", "SHORT", "INT", "LONG", "UINT16", "UINT32", "UINT64"})
  void worksOnEveryWholeType(DType type) {
    assertThat(run(OneNode.of("BitwiseAnd"), type)).containsExactly(0b1000, 0b0010, 0);
    assertThat(run(OneNode.of("BitwiseOr"), type)).containsExactly(0b1110, 0b1110, 200 | 3);
    assertThat(run(OneNode.of("BitwiseXor"), type)).containsExactly(0b0110, 0b1100, 200 ^ 3);
    assertThat(run(OneNode.of("BitShift").with("direction", "RIGHT"), type))
        .containsExactly(0, 0, 25);
  }

  @Test
  void bitsShiftedOutAreLost() {
    OneNode left = OneNode.of("BitShift").with("direction", "LEFT");
    assertThat(run(left, DType.UBYTE)).containsExactly(0, 128, 64);
    assertThat(run(left, DType.UINT16)).containsExactly(12 << 10, 10 << 6, 200 << 3);
  }

  @Test
  void complementsWithinTheWidthOfTheType() {
    Tensor x = Tensors.of(new long[] {0, 5}, 2);
    assertThat(OneNode.of("BitwiseNot").run(x.to(DType.UINT16)).toLongs())
        .containsExactly(65535, 65530);
    assertThat(OneNode.of("BitwiseNot").run(x.to(DType.BYTE)).toLongs()).containsExactly(-1, -6);
  }

  @Test
  void aDirectionMustBeNamed() {
    assertThatThrownBy(() -> run(OneNode.of("BitShift").with("direction", "UP"), DType.UBYTE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("direction \"UP\"; known are LEFT and RIGHT");
  }
}
