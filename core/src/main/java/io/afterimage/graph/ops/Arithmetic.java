package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Operators element by element: arithmetic, elementary functions, comparisons, logic. */
final class Arithmetic {
  private static final String STEPS = "it is constant between steps";
  private static final String TRUTH = "its output is true or false";

  private Arithmetic() {}

  static void register() {
    binary("Add", Tensor::add);
    binary("Sub", Tensor::sub);
    binary("Mul", Tensor::mul);
    Operators.one("Div", Arithmetic::quotient);
    binary(
        "Pow", (x, y) -> Maths.pow(x, y.dtype().isFloating() ? y.to(x.dtype()) : y).to(x.dtype()));
    Operators.one("Mod", Arithmetic::mod);
    unary("Neg", Tensor::neg);
    unary("Abs", Tensor::abs);
    unary("Sqrt", Tensor::sqrt);
    unary("Exp", Tensor::exp);
    unary("Log", Tensor::log);
    unary("Reciprocal", Maths::reciprocal);
    unary("Erf", Maths::erf);
    unary("Sin", Maths::sin);
    unary("Cos", Maths::cos);
    unary("Tan", Maths::tan);
    unary("Asin", Maths::asin);
    unary("Acos", Maths::acos);
    unary("Atan", Maths::atan);
    unary("Sinh", Maths::sinh);
    unary("Cosh", Maths::cosh);
    unary("Asinh", Maths::asinh);
    unary("Acosh", Maths::acosh);
    unary("Atanh", Maths::atanh);
    flat("Sign", STEPS, c -> c.x(0).sign());
    flat("Floor", STEPS, c -> c.x(0).dtype().isFloating() ? Maths.floor(c.x(0)) : c.x(0));
    flat("Ceil", STEPS, c -> c.x(0).dtype().isFloating() ? Maths.ceil(c.x(0)) : c.x(0));
    flat("Round", STEPS, c -> Maths.round(c.x(0)));
    flat("IsNaN", TRUTH, c -> Maths.isnan(c.x(0)));
    flat("IsInf", TRUTH, Arithmetic::isInfinite);
    variadic("Max", Maths::maximum);
    variadic("Min", Maths::minimum);
    variadic("Sum", Tensor::add);
    Operators.one("Mean", c -> fold(c, Tensor::add).div(c.inputs()));
    Operators.one("Clip", Arithmetic::clip);
    Operators.one("Where", Arithmetic::where);
    Operators.flatMany("Equal", TRUTH, c -> List.of(equal(c)));
    truth("Less", Tensor::lt);
    truth("LessOrEqual", Tensor::le);
    truth("Greater", Tensor::gt);
    truth("GreaterOrEqual", Tensor::ge);
    truth("And", Maths::and);
    truth("Or", Maths::or);
    truth("Xor", Maths::xor);
    flat("Not", TRUTH, c -> Maths.not(c.x(0)));
  }

  private static void unary(String type, UnaryOperator<Tensor> function) {
    Operators.one(type, c -> function.apply(c.x(0)));
  }

  private static void binary(String type, BinaryOperator<Tensor> function) {
    Operators.one(type, c -> apply(c, function));
  }

  private static void truth(String type, BinaryOperator<Tensor> function) {
    flat(type, TRUTH, c -> apply(c, function));
  }

  private static Value equal(Call c) {
    if (c.value(0) instanceof Value.Strings) {
      return Texts.equal(c);
    }
    return Value.of(apply(c, Tensor::eq));
  }

  private static void flat(String type, String reason, Function<Call, Tensor> function) {
    Operators.flat(type, reason, function);
  }

  private static void variadic(String type, BinaryOperator<Tensor> function) {
    Operators.one(type, c -> fold(c, function));
  }

  private static Tensor fold(Call c, BinaryOperator<Tensor> function) {
    List<Tensor> inputs = c.all();
    Tensor result = inputs.get(0);
    for (Tensor input : inputs.subList(1, inputs.size())) {
      broadcast(c, result, input);
      result = function.apply(result, input);
    }
    return result;
  }

  private static Tensor apply(Call c, BinaryOperator<Tensor> function) {
    Tensor y = c.opset() < 7 ? aligned(c) : c.x(1);
    broadcast(c, c.x(0), y);
    return function.apply(c.x(0), y);
  }

  /** Before version 7 an axis said where the second operand's dimensions begin. */
  private static Tensor aligned(Call c) {
    Tensor y = c.x(1);
    if (!c.attributes().has("axis")) {
      return y;
    }
    int rank = c.x(0).rank();
    int after = rank - c.axis(c.attributes().integer("axis", 0), rank) - y.rank();
    for (int i = 0; i < after; i++) {
      y = y.unsqueeze(-1);
    }
    return y;
  }

  private static void broadcast(Call c, Tensor x, Tensor y) {
    broadcast(c, x.shape(), y.shape());
  }

  /** The shape that two shapes are broadcast to, if a tensor of it may be made. */
  static long[] broadcast(Call c, long[] x, long[] y) {
    long[] shape = new long[Math.max(x.length, y.length)];
    for (int i = 1; i <= shape.length; i++) {
      long a = i <= x.length ? x[x.length - i] : 1;
      long b = i <= y.length ? y[y.length - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw c.error(
            "cannot broadcast shapes " + Arrays.toString(x) + " and " + Arrays.toString(y));
      }
      shape[shape.length - i] = a == 1 ? b : a;
    }
    return c.sized(shape);
  }

  private static Tensor where(Call c) {
    broadcast(c, c.x(0).shape(), broadcast(c, c.x(1).shape(), c.x(2).shape()));
    return c.x(1).where(c.x(0), c.x(2));
  }

  private static Tensor quotient(Call c) {
    boolean real = c.x(0).dtype().isFloating();
    return apply(c, real ? Tensor::div : (x, y) -> Maths.truncatedQuotient(x, nonZero(c, y)));
  }

  private static Tensor mod(Call c) {
    boolean asInC = c.attributes().flag("fmod", false);
    return apply(
        c, (x, y) -> asInC ? Maths.fmod(x, nonZero(c, y)) : Maths.remainder(x, nonZero(c, y)));
  }

  /** A divisor: whole ones must not be zero. */
  private static Tensor nonZero(Call c, Tensor divisor) {
    if (!divisor.dtype().isFloating() && divisor.eq(0).sum().item() > 0) {
      throw c.error("divides whole numbers by zero");
    }
    return divisor;
  }

  private static Tensor isInfinite(Call c) {
    Tensor x = c.x(0);
    Tensor result = Maths.isinf(x);
    if (!c.attributes().flag("detect_negative", true)) {
      result = Maths.and(result, x.gt(0));
    }
    return c.attributes().flag("detect_positive", true) ? result : Maths.and(result, x.lt(0));
  }

  private static Tensor clip(Call c) {
    Tensor x = c.x(0);
    if (c.opset() < 11) {
      double low = c.attributes().number("min", Double.NEGATIVE_INFINITY);
      double high = c.attributes().number("max", Double.POSITIVE_INFINITY);
      return Maths.clamp(x, low, high);
    }
    Tensor result = x;
    if (c.has(1)) {
      result = Maths.maximum(result, c.x(1).to(x.dtype()));
    }
    return c.has(2) ? Maths.minimum(result, c.x(2).to(x.dtype())) : result;
  }
}
