package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * GroupQueryAttention of com.microsoft: groups of heads share their keys and values (Ainslie et
 * al., GQA, 2023), and each word sees those before it, which a cache holds.
 *
 * <p>Each example fills the cache up to a length of its own. It is copied, never written in place.
 */
final class GroupedAttention {
  private static final double HIDDEN = -Float.MAX_VALUE;
  private static final int PAST = 3;

  private GroupedAttention() {}

  static void register() {
    Operators.in(Node.MICROSOFT, "GroupQueryAttention", GroupedAttention::attend);
  }

  private static List<Value> attend(Call c) {
    requireSupport(c);
    List<Tensor> given = given(c);
    Cache cache = Cache.of(c, given.get(0));
    Tensor query = turned(c, given.get(0), cache);
    Tensor key = cache.extended(c, PAST, turned(c, given.get(1), cache));
    Tensor value = cache.extended(c, PAST + 1, given.get(2));
    long groups = Attention.groups(c, query, key);
    Tensor weights = weights(c, scores(c, query, Attention.repeated(key, groups), cache));
    Tensor seen = Attention.repeated(value, groups).to(weights.dtype());
    Tensor y = weights.matmul(seen).to(query.dtype());
    return List.of(Value.of(y.transpose(1, 2).flatten(2)), Value.of(key), Value.of(value));
  }

  private static void requireSupport(Call c) {
    boolean whole =
        Set.of("k_quant_type", "v_quant_type").stream()
            .allMatch(a -> c.attributes().text(a, "NONE").equals("NONE"));
    require(c, whole && !c.has(12) && !c.has(13), "a quantised cache");
    require(c, !c.attributes().flag("sliding_window_cache", false), "a cache of one window");
    require(c, c.attributes().flag("causal", true), "words that see later ones (causal = 0)");
    require(c, c.attributes().integer("qk_output", 0) == 0, "its scores as output (qk_output)");
    require(c, !c.has(14) && !c.has(15), "normalised queries and keys (q_norm_weight)");
    if (c.has(PAST) != c.has(PAST + 1)) {
      throw c.error("has past keys or past values without the other");
    }
  }

  private static void require(Call c, boolean supported, String what) {
    if (!supported) {
      throw c.error("has " + what + ", which is not supported");
    }
  }

  /**
   * Queries, keys and values: [batch, heads, sequence, size]. Where the first input alone is there,
   * it holds all of them, one behind the other.
   */
  private static List<Tensor> given(Call c) {
    if (c.has(1)) {
      return List.of(
          Attention.heads(c, c.x(0), "num_heads"),
          Attention.heads(c, c.x(1), "kv_num_heads"),
          Attention.heads(c, c.x(2), "kv_num_heads"));
    }
    long queries = c.attributes().integer("num_heads", 0);
    long keys = c.attributes().integer("kv_num_heads", 0);
    long all = queries + 2 * keys;
    Tensor x = c.x(0);
    if (queries < 1 || keys < 1 || x.rank() != 3 || x.size(2) % all != 0) {
      throw c.error("cannot cut %s into %d heads".formatted(x, all));
    }
    Tensor heads = x.reshape(x.size(0), x.size(1), all, x.size(2) / all).transpose(1, 2);
    return Indexing.split(heads, 1, queries, keys, keys);
  }

  /**
   * Where the words of each example stand in the cache.
   *
   * @param before how many words precede: [batch, 1]
   * @param ends one past the last word: [batch, 1]
   * @param queries how many words are new
   * @param length of the cache with them
   */
  private record Cache(Tensor before, Tensor ends, long queries, long length) {
    static Cache of(Call c, Tensor query) {
      long batch = query.size(0);
      long queries = query.size(2);
      if (c.x(5).count() != batch) {
        throw c.error("has %d lengths for %d examples".formatted(c.x(5).count(), batch));
      }
      long total = c.number(6);
      Tensor ends = c.x(5).to(DType.LONG).reshape(-1, 1).add(Tensors.scalar(1L));
      Tensor before =
          queries == total
              ? Tensors.zeros(DType.LONG, batch, 1)
              : ends.sub(Tensors.scalar(queries));
      long stored = c.has(PAST) ? c.x(PAST).size(2) : 0;
      double most = before.max(false).item();
      if (before.min(false).item() < 0 || most > stored || most + queries > total) {
        throw c.error(
            "has %d new words of at most %d, behind a past of %d, where a length says otherwise"
                .formatted(queries, total, stored));
      }
      return new Cache(before, ends, queries, Math.max(total, stored));
    }

    /** Positions of the new words: [batch, queries]. */
    Tensor places() {
      return before.add(Tensors.arange(queries));
    }

    /** What this input holds of the words before, and the new ones behind. */
    Tensor extended(Call c, int past, Tensor fresh) {
      long[] shape = c.sized(fresh.size(0), fresh.size(1), length, fresh.size(3));
      Tensor empty = Tensors.zeros(fresh.dtype(), shape);
      Tensor filled = Tensors.arange(length).lt(before).reshape(shape[0], 1, length, 1);
      Tensor stored =
          c.optional(past)
              .map(p -> Indexing.pad(p, 0, 0, 0, 0, length - p.size(2)).where(filled, empty))
              .orElse(empty);
      Tensor at = places().reshape(shape[0], 1, queries, 1).expand(fresh.shape());
      return Indexing.scatter(stored, 2, at, fresh);
    }

    /** True where a query does not see a key: [batch, 1, queries, keys]. */
    Tensor hidden(long window) {
      Tensor keys = Tensors.arange(length);
      Tensor query = places().unsqueeze(2);
      Tensor hidden = Maths.or(keys.gt(query), keys.ge(ends.unsqueeze(2)));
      Tensor seen = window > 0 ? keys.le(query.sub(Tensors.scalar(window))) : null;
      return (seen == null ? hidden : Maths.or(hidden, seen)).unsqueeze(1);
    }
  }

  /** Turned by the positions, if the node says so. */
  private static Tensor turned(Call c, Tensor heads, Cache cache) {
    if (!c.attributes().flag("do_rotary", false)) {
      return heads;
    }
    Optional<Tensor> places = Optional.of(c.optional(9).orElseGet(cache::places));
    Positions.Angles angles = Positions.Angles.of(c, 7, places, "rotary_interleaved");
    Tensor words = heads.transpose(1, 2);
    return Positions.rotated(c, words, 2 * c.x(7).size(-1), angles).transpose(1, 2);
  }

  private static Tensor scores(Call c, Tensor query, Tensor key, Cache cache) {
    c.sized(query.size(0), query.size(1), query.size(2), key.size(2));
    DType type = FusedAttention.precision(c, query.dtype());
    double scale = FusedAttention.scale(c, query);
    Tensor raw = query.to(type).mul(scale).matmul(key.to(type).transpose(2, 3));
    double cap = c.attributes().number("softcap", 0);
    Tensor capped = cap > 0 ? raw.div(cap).tanh().mul(cap) : raw;
    Tensor biased = c.optional(10).map(b -> capped.add(b.to(type))).orElse(capped);
    Tensor hidden = cache.hidden(c.attributes().integer("local_window_size", -1));
    return Tensors.scalar(HIDDEN).to(type).where(hidden, biased);
  }

  /** The softmax, perhaps with one more score, a head's own or 0, whose share is lost. */
  private static Tensor weights(Call c, Tensor scores) {
    boolean smooth = c.attributes().flag("smooth_softmax", false);
    if (!smooth && !c.has(11)) {
      return scores.softmax(-1);
    }
    Tensor sink =
        c.optional(11)
            .map(s -> s.to(scores.dtype()).reshape(-1, 1, 1))
            .orElseGet(() -> Tensors.zeros(scores.dtype(), scores.size(1), 1, 1));
    Tensor column = sink.expand(scores.size(0), scores.size(1), scores.size(2), 1);
    Tensor whole = Indexing.cat(List.of(scores, column), 3).softmax(-1);
    return whole.narrow(3, 0, scores.size(3));
  }
}
