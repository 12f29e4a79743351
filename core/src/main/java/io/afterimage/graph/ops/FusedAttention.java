package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Attention as ONNX Runtime's optimisers write it: Attention and QAttention project their input
 * themselves, MultiHeadAttention is given what attends to what.
 *
 * <p>A mask adds a large negative number to the scores: a query of which every key is hidden sees
 * them all alike. Short types are computed in single precision.
 */
final class FusedAttention {
  private static final double PADDING = -10000;
  private static final double AHEAD = -Float.MAX_VALUE;

  private FusedAttention() {}

  static void register() {
    Operators.in(Node.MICROSOFT, "Attention", c -> projected(c, product(c), 3, 4, 5));
    Operators.in(Node.MICROSOFT, "QAttention", c -> projected(c, quantisedProduct(c), 5, 8, -1));
    Operators.in(Node.MICROSOFT, "MultiHeadAttention", FusedAttention::multiHead);
  }

  /** Queries, keys and values: [batch, heads, sequence, size]. */
  private record Heads(Tensor query, Tensor key, Tensor value) {
    /** With the keys and values of the words before. */
    Heads after(Tensor keys, Tensor values) {
      return new Heads(
          query, Indexing.cat(List.of(keys, key), 2), Indexing.cat(List.of(values, value), 2));
    }

    long batch() {
      return query.size(0);
    }

    long queries() {
      return query.size(2);
    }

    long keys() {
      return key.size(2);
    }
  }

  // ---- with the projections inside

  private static Tensor product(Call c) {
    Tensor product = LinearAlgebra.product(c, c.x(0), c.x(1));
    return c.optional(2).map(product::add).orElse(product);
  }

  private static Tensor quantisedProduct(Call c) {
    Tensor input = IntegerProducts.values(c, 0, 6);
    Tensor sums = LinearAlgebra.product(c, input, IntegerProducts.values(c, 1, 7));
    Tensor factor = c.x(3).mul(c.x(4));
    return sums.to(factor.dtype()).mul(factor).add(c.x(2));
  }

  /**
   * Attention of a sequence to itself, and the keys and values that it used, one behind the other.
   *
   * @param all queries, keys and values side by side: [batch, sequence, sizes]
   * @param mask which input it is; and so the past keys and values, and what is added to the scores
   */
  private static List<Value> projected(Call c, Tensor all, int mask, int past, int bias) {
    refuse(c, c.attributes().flag("do_rotary", false), "turns its queries and keys (do_rotary)");
    boolean shared = c.attributes().flag("past_present_share_buffer", false);
    refuse(c, shared, "writes into its past (past_present_share_buffer)");
    Heads own = cut(c, all);
    Heads heads = c.optional(past).map(p -> own.after(part(c, p, 0), part(c, p, 1))).orElse(own);
    Value y = Value.of(attended(c, heads, mask, bias).merged());
    return heads.key.size(3) == heads.value.size(3)
        ? List.of(y, Value.of(Indexing.stack(List.of(heads.key, heads.value), 0)))
        : List.of(y);
  }

  private static void refuse(Call c, boolean refused, String what) {
    if (refused) {
      throw c.error(what + ", which is not supported");
    }
  }

  private static Heads cut(Call c, Tensor all) {
    if (all.rank() != 3) {
      throw c.error("projects to %s, not [batch, sequence, sizes]".formatted(all));
    }
    long third = all.size(2) / 3;
    long[] sizes =
        c.attributes().integers("qkv_hidden_sizes").orElse(new long[] {third, third, third});
    if (sizes.length != 3 || Arrays.stream(sizes).sum() != all.size(2) || sizes[0] != sizes[1]) {
      throw c.error(
          "cuts a projection of %d into %s".formatted(all.size(2), Arrays.toString(sizes)));
    }
    List<Tensor> parts =
        Indexing.split(all, 2, sizes).stream()
            .map(x -> Attention.heads(c, x, "num_heads"))
            .toList();
    return new Heads(parts.get(0), parts.get(1), parts.get(2));
  }

  private static Tensor part(Call c, Tensor past, int part) {
    if (past.rank() != 5 || past.size(0) != 2) {
      throw c.error("has a past %s, not [2, batch, heads, sequence, size]".formatted(past));
    }
    return past.select(0, part);
  }

  // ---- without

  /** Attention; keys and values; the scores as they are weighed. */
  private static List<Value> multiHead(Call c) {
    refuse(c, c.has(8) || c.has(9), "reads a shared buffer (past_sequence_length)");
    if (c.has(6) != c.has(7)) {
      throw c.error("has past keys or past values without the other");
    }
    Heads own = biased(c, given(c));
    boolean across = own.keys() != own.queries();
    refuse(
        c,
        across && c.attributes().flag("unidirectional", false),
        "is unidirectional between sequences of different lengths");
    Heads heads = c.has(6) ? own.after(c.x(6), c.x(7)) : own;
    Attended attended = attended(c, heads, 4, 5);
    return List.of(
        Value.of(attended.merged()),
        Value.of(heads.key),
        Value.of(heads.value),
        Value.of(attended.scores));
  }

  /**
   * Each by itself, or keys and values, or all three, packed beside each other within a head:
   * [batch, sequence, heads, 2 or 3, size].
   */
  private static Heads given(Call c) {
    if (!c.has(1)) {
      List<Tensor> parts = unpacked(c, c.x(0), 3);
      return new Heads(parts.get(0), parts.get(1), parts.get(2));
    }
    Tensor query = Attention.heads(c, c.x(0), "num_heads");
    if (!c.has(2)) {
      List<Tensor> parts = unpacked(c, c.x(1), 2);
      return new Heads(query, parts.get(0), parts.get(1));
    }
    return new Heads(
        query, Attention.heads(c, c.x(1), "num_heads"), Attention.heads(c, c.x(2), "num_heads"));
  }

  private static List<Tensor> unpacked(Call c, Tensor packed, int parts) {
    if (packed.rank() != 5 || packed.size(3) != parts) {
      throw c.error("has %s, not [batch, sequence, heads, %d, size]".formatted(packed, parts));
    }
    return Indexing.unbind(packed, 3).stream().map(x -> x.transpose(1, 2)).toList();
  }

  /** With the biases of the projections; keys that stand in heads already have theirs. */
  private static Heads biased(Call c, Heads heads) {
    Optional<Tensor> bias = c.optional(3);
    if (bias.isEmpty()) {
      return heads;
    }
    long size = heads.query.size(1) * heads.query.size(3);
    long last = heads.value.size(1) * heads.value.size(3);
    if (bias.get().count() != 2 * size + last) {
      throw c.error("has %d biases, not %d".formatted(bias.get().count(), 2 * size + last));
    }
    List<Tensor> parts = Indexing.split(bias.get(), 0, size, size, last);
    Tensor query = shifted(heads.query, parts.get(0));
    return c.has(1) && c.x(1).rank() == 4
        ? new Heads(query, heads.key, heads.value)
        : new Heads(query, shifted(heads.key, parts.get(1)), shifted(heads.value, parts.get(2)));
  }

  private static Tensor shifted(Tensor heads, Tensor bias) {
    return heads.add(bias.reshape(heads.size(1), 1, heads.size(3)));
  }

  // ---- who sees whom

  /**
   * What came out.
   *
   * @param y [batch, heads, queries, size]
   * @param scores before the softmax: [batch, heads, queries, keys]
   */
  private record Attended(Tensor y, Tensor scores) {
    /** With the heads side by side. */
    Tensor merged() {
      return y.transpose(1, 2).flatten(2);
    }
  }

  private static Attended attended(Call c, Heads heads, int mask, int bias) {
    c.sized(heads.batch(), heads.query.size(1), heads.queries(), heads.keys());
    DType type = precision(c, heads.query.dtype());
    Tensor query = heads.query.to(type).mul(scale(c, heads.query));
    Tensor raw = query.matmul(heads.key.to(type).transpose(2, 3));
    Tensor masked = mask(c, mask, heads).map(m -> raw.add(m.to(type))).orElse(raw);
    Tensor scores = bias >= 0 && c.has(bias) ? masked.add(c.x(bias).to(type)) : masked;
    Tensor y = scores.softmax(-1).matmul(heads.value.to(type));
    return new Attended(y.to(heads.query.dtype()), scores.to(heads.query.dtype()));
  }

  /** What the products are multiplied by; 0 stands for the usual. */
  static double scale(Call c, Tensor query) {
    double given = c.attributes().number("scale", 0);
    return given == 0 ? 1 / Math.sqrt((double) query.size(3)) : given;
  }

  /** In which type scores of this one are computed. */
  static DType precision(Call c, DType type) {
    return type == DType.DOUBLE ? type : c.type(DType.FLOAT);
  }

  /** What is added to the scores. */
  private static Optional<Tensor> mask(Call c, int input, Heads heads) {
    Optional<Tensor> padding = c.optional(input).map(m -> padding(c, m, heads));
    if (!c.attributes().flag("unidirectional", false)) {
      return padding;
    }
    Tensor words = Tensors.arange(heads.queries()).unsqueeze(1);
    Tensor before = words.add(Tensors.scalar(heads.keys() - heads.queries()));
    Tensor ahead = numbers(Tensors.arange(heads.keys()).gt(before), AHEAD);
    return Optional.of(padding.map(ahead::add).orElse(ahead));
  }

  /**
   * For a mask of one axis, the end of each example, perhaps followed by their starts, or by what
   * only kernels for packed sequences need; else where a positive number shows a key: [batch, keys]
   * or [batch, queries, keys].
   */
  private static Tensor padding(Call c, Tensor mask, Heads heads) {
    long batch = heads.batch();
    long[] shape = mask.shape();
    Tensor hidden;
    if (shape.length == 1 && List.of(batch, 2 * batch, 3 * batch + 2).contains(shape[0])) {
      Tensor places = Tensors.arange(heads.keys());
      Tensor beyond = places.ge(mask.narrow(0, 0, batch).unsqueeze(1));
      hidden =
          shape[0] == 2 * batch
              ? Maths.or(beyond, places.lt(mask.narrow(0, batch, batch).unsqueeze(1)))
              : beyond;
    } else if (Arrays.equals(shape, new long[] {batch, heads.keys()})
        || Arrays.equals(shape, new long[] {batch, heads.queries(), heads.keys()})) {
      hidden = mask.le(Tensors.scalar(0L));
    } else {
      throw c.error(
          "has a mask of shape %s for %d examples of %d queries and %d keys"
              .formatted(Arrays.toString(shape), batch, heads.queries(), heads.keys()));
    }
    Tensor whole = hidden.rank() == 2 ? hidden.unsqueeze(1) : hidden;
    return numbers(whole.unsqueeze(1), c.attributes().number("mask_filter_value", PADDING));
  }

  private static Tensor numbers(Tensor hidden, double value) {
    Tensor filter = Tensors.scalar(value);
    return filter.where(hidden, Tensors.scalar(0.0));
  }
}
