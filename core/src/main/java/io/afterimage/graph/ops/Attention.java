package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * Scaled dot-product attention.
 *
 * <p>Heads stand in an axis of their own, [batch, heads, sequence, size], or side by side, [batch,
 * sequence, heads * size]. A query that may look at no key answers zeros, and no gradient flows
 * from what a mask hides: not even where the hidden score is no number.
 */
final class Attention {
  private static final double HIDDEN = Double.NEGATIVE_INFINITY;

  private Attention() {}

  static void register() {
    Operators.many("Attention", Attention::attend);
  }

  private static List<Value> attend(Call c) {
    Tensor query = heads(c, c.x(0), "q_num_heads");
    Tensor key = withPast(c, 4, heads(c, c.x(1), "kv_num_heads"));
    Tensor value = withPast(c, 5, heads(c, c.x(2), "kv_num_heads"));
    long groups = groups(c, query, key);
    c.sized(query.size(0), query.size(1), query.size(2), key.size(2));
    Tensor raw = scores(c, query, repeated(key, groups));
    Tensor capped = capped(c, raw);
    Optional<Tensor> bias = bias(c, raw.dtype(), query.size(2), key.size(2));
    Tensor biased = bias.map(b -> biased(capped, b)).orElse(capped);
    Tensor weights = weights(c, biased, bias).to(query.dtype());
    Tensor y = weights.matmul(repeated(value, groups));
    if (c.x(0).rank() == 3) {
      y = y.transpose(1, 2).flatten(2);
    }
    Tensor shown =
        switch ((int) c.attributes().integer("qk_matmul_output_mode", 0)) {
          case 0 -> raw;
          case 1 -> capped;
          case 2 -> biased;
          case 3 -> weights;
          default -> throw c.error("has a qk_matmul_output_mode other than 0 to 3");
        };
    return List.of(Value.of(y), Value.of(key), Value.of(value), Value.of(shown));
  }

  /** Heads in an axis of their own. */
  static Tensor heads(Call c, Tensor x, String attribute) {
    if (x.rank() == 4) {
      return x;
    }
    long heads = c.attributes().integer(attribute, 0);
    if (x.rank() != 3 || heads < 1 || x.size(2) % heads != 0) {
      throw c.error("cannot cut %s into %d heads (%s)".formatted(x, heads, attribute));
    }
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  private static Tensor withPast(Call c, int input, Tensor x) {
    return c.optional(input).map(past -> Indexing.cat(List.of(past, x), 2)).orElse(x);
  }

  /** How many heads of queries share one head of keys and values. */
  static long groups(Call c, Tensor query, Tensor key) {
    if (key.size(1) == 0 || query.size(1) % key.size(1) != 0 || query.size(3) != key.size(3)) {
      throw c.error("has queries %s that do not fit its keys %s".formatted(query, key));
    }
    return query.size(1) / key.size(1);
  }

  static Tensor repeated(Tensor x, long groups) {
    return groups == 1 ? x : Indexing.repeatEach(x, 1, groups);
  }

  // Half of the scale on either side: short types would overflow otherwise.
  static Tensor scores(Call c, Tensor query, Tensor key) {
    double scale = c.attributes().number("scale", 1 / Math.sqrt((double) query.size(3)));
    double half = Math.sqrt(scale);
    return query.mul(half).matmul(key.mul(half).transpose(2, 3));
  }

  private static Tensor capped(Call c, Tensor scores) {
    double cap = c.attributes().number("softcap", 0);
    return cap == 0 ? scores : scores.div(cap).tanh().mul(cap);
  }

  private static Tensor biased(Tensor scores, Tensor bias) {
    Tensor hidden = Tensors.scalar(HIDDEN).to(scores.dtype());
    return hidden.where(bias.eq(HIDDEN), scores.add(bias));
  }

  private static Tensor weights(Call c, Tensor biased, Optional<Tensor> bias) {
    Tensor scores = biased.to(precision(c, biased.dtype()));
    if (bias.isEmpty()) {
      return scores.softmax(-1);
    }
    Tensor blind = bias.get().max(true, -1).eq(HIDDEN);
    Tensor zero = Tensors.scalar(0.0).to(scores.dtype());
    return zero.where(blind, zero.where(blind, scores).softmax(-1));
  }

  private static DType precision(Call c, DType type) {
    return ElementType.of((int) c.attributes().integer("softmax_precision", 0))
        .flatMap(ElementType::dtype)
        .map(c::type)
        .orElse(type);
  }

  // ---- who sees whom

  /** What is added to the scores: the mask given, and minus infinity where a rule hides a key. */
  private static Optional<Tensor> bias(Call c, DType type, long queries, long keys) {
    Optional<Tensor> mask = c.optional(3).map(m -> wide(additive(m, type), keys));
    Optional<Tensor> rule = ruled(c, queries, keys);
    if (rule.isEmpty()) {
      return mask;
    }
    Tensor hidden = Tensors.scalar(HIDDEN).to(type);
    Tensor open = mask.orElseGet(() -> Tensors.scalar(0.0).to(type));
    return Optional.of(hidden.where(rule.get(), open));
  }

  private static Tensor additive(Tensor mask, DType type) {
    if (mask.dtype() != DType.BOOL) {
      return mask.to(type);
    }
    Tensor hidden = Tensors.full(type, HIDDEN, mask.shape());
    return Tensors.zerosLike(hidden).where(mask, hidden);
  }

  /** Keys beyond the mask are hidden. */
  private static Tensor wide(Tensor mask, long keys) {
    long missing = keys - mask.size(-1);
    return missing > 0 ? Indexing.pad(mask, HIDDEN, 0, missing) : mask;
  }

  /** True where causality, the window or the padding hides a key from a query. */
  private static Optional<Tensor> ruled(Call c, long queries, long keys) {
    Tensor places = Tensors.arange(keys);
    Optional<Tensor> hidden = Optional.empty();
    Optional<Tensor> lengths = c.optional(6).map(t -> t.to(DType.LONG).reshape(-1, 1, 1, 1));
    if (lengths.isPresent()) {
      hidden = Optional.of(places.ge(lengths.get()));
    }
    Tensor before =
        c.optional(4)
            .map(past -> Tensors.scalar(past.size(2)))
            .or(() -> lengths.map(l -> l.add(Tensors.scalar(-queries))))
            .orElseGet(() -> Tensors.scalar(0L));
    Tensor ahead = places.sub(Tensors.arange(queries).unsqueeze(1)).sub(before);
    if (c.attributes().flag("is_causal", false)) {
      hidden = either(hidden, ahead.gt(0));
    }
    long right = c.attributes().integer("right_window_size", -1);
    if (right >= 0) {
      hidden = either(hidden, ahead.gt((double) right));
    }
    long left = c.attributes().integer("left_window_size", -1);
    return left >= 0 ? either(hidden, ahead.lt((double) -left)) : hidden;
  }

  private static Optional<Tensor> either(Optional<Tensor> hidden, Tensor more) {
    return Optional.of(hidden.map(h -> Maths.or(h, more)).orElse(more));
  }
}
