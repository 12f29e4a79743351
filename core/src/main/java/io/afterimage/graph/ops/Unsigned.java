package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Arithmetic of unsigned numbers of 16, 32 and 64 bits, which libtorch stores and moves but hardly
 * computes with: they are widened to LONG, and the result is narrowed again, so that it wraps
 * around as it should. Numbers from 2^63 on are refused, unless the operator works on bits alone.
 */
final class Unsigned {
  /** Operators whose first output has the type of their inputs. */
  private static final Set<String> ARITHMETIC =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Mod",
          "Pow",
          "Sum",
          "Max",
          "Min",
          "Neg",
          "Abs",
          "Clip",
          "Relu",
          "BitShift",
          "BitwiseNot",
          "CumSum",
          "CumProd",
          "Gemm",
          "MatMul",
          "TopK",
          "Trilu",
          "ReduceSum",
          "ReduceProd",
          "ReduceMax",
          "ReduceMin",
          "ReduceL1",
          "ReduceSumSquare");

  /** Operators whose outputs have a type of their own. */
  private static final Set<String> COMPARISONS =
      Set.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "ArgMax", "ArgMin");

  /** Operators that give the right bits, however numbers from 2^63 on are read. */
  private static final Set<String> OF_BITS =
      Set.of("Add", "Sub", "Mul", "Sum", "Neg", "Equal", "BitwiseNot", "ReduceSum", "ReduceProd");

  private Unsigned() {}

  /** The operator, able to compute with such numbers where it computes. */
  static Operator widened(String type, Operator operator) {
    if (!ARITHMETIC.contains(type) && !COMPARISONS.contains(type)) {
      return operator;
    }
    return call -> {
      for (int i = 0; i < call.inputs(); i++) {
        if (call.has(i)
            && call.value(i) instanceof Value.Numbers numbers
            && numbers.tensor().dtype().isStoredUnsigned()) {
          return run(type, operator, call, numbers.tensor().dtype());
        }
      }
      return operator.run(call);
    };
  }

  private static List<Value> run(String type, Operator operator, Call call, DType unsigned) {
    List<Value> outputs = new ArrayList<>(operator.run(call.mapped(x -> wide(type, call, x))));
    if (ARITHMETIC.contains(type) && outputs.get(0) instanceof Value.Numbers numbers) {
      outputs.set(0, Value.of(numbers.tensor().to(unsigned)));
    }
    return outputs;
  }

  private static Tensor wide(String type, Call call, Tensor x) {
    if (!x.dtype().isStoredUnsigned()) {
      return x;
    }
    Tensor wide = x.to(DType.LONG);
    boolean readable = x.dtype() != DType.UINT64 || OF_BITS.contains(type) || x.count() == 0;
    if (!readable && wide.min(false).item() < 0) {
      throw call.error("is given an unsigned number of 2^63 or more, which is not supported");
    }
    return wide;
  }
}
