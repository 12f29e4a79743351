package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** What goes with attention: rotary position embeddings, and caches written at a position. */
final class Positions {
  private Positions() {}

  static void register() {
    Operators.one("RotaryEmbedding", Positions::rotary);
    Operators.one("TensorScatter", Positions::write);
  }

  /**
   * Turns pairs of features by an angle that grows with the position (Su et al., RoFormer, 2021).
   * [batch, heads, sequence, size] or [batch, sequence, heads * size].
   */
  private static Tensor rotary(Call c) {
    Tensor x = c.x(0);
    Tensor split = x.rank() == 4 ? x.transpose(1, 2) : heads(c, x);
    long size = split.size(3);
    long given = c.attributes().integer("rotary_embedding_dim", 0);
    long turned = given == 0 ? size : given;
    if (turned < 0 || turned > size || turned % 2 != 0) {
      throw c.error("turns %d of %d features".formatted(turned, size));
    }
    Tensor result =
        Indexing.cat(
            List.of(turned(c, split.narrow(3, 0, turned)), split.narrow(3, turned, size - turned)),
            3);
    return x.rank() == 4 ? result.transpose(1, 2) : result.reshape(x.shape());
  }

  private static Tensor heads(Call c, Tensor x) {
    long heads = c.attributes().integer("num_heads", 0);
    if (x.rank() != 3 || heads < 1 || x.size(2) % heads != 0) {
      throw c.error("cannot cut %s into %d heads".formatted(x, heads));
    }
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
  }

  private static Tensor turned(Call c, Tensor x) {
    Tensor cos = angles(c, c.x(1), x);
    Tensor sin = angles(c, c.x(2), x);
    long half = x.size(3) / 2;
    boolean interleaved = c.attributes().flag("interleaved", false);
    Tensor first = interleaved ? x.slice(3, 0, 2 * half, 2) : x.narrow(3, 0, half);
    Tensor second = interleaved ? x.slice(3, 1, 2 * half, 2) : x.narrow(3, half, half);
    List<Tensor> pair =
        List.of(cos.mul(first).sub(sin.mul(second)), sin.mul(first).add(cos.mul(second)));
    return interleaved ? Indexing.stack(pair, 4).reshape(x.shape()) : Indexing.cat(pair, 3);
  }

  /** The cache's rows of each position, beside an axis for the heads. */
  private static Tensor angles(Call c, Tensor cache, Tensor x) {
    Tensor rows = cache;
    if (c.has(3)) {
      Tensor places = Indexes.indices(c, c.x(3), cache.size(0));
      rows =
          Indexing.indexSelect(cache, 0, places.reshape(-1))
              .reshape(places.size(0), places.size(1), cache.size(-1));
    }
    if (rows.rank() != 3 || rows.size(2) != x.size(3) / 2) {
      throw c.error("has angles of shape %s for %s".formatted(Arrays.toString(cache.shape()), x));
    }
    return rows.unsqueeze(2);
  }

  /** A copy of the cache with the update written from each example's index on. */
  private static Tensor write(Call c) {
    Tensor cache = c.x(0);
    Tensor update = c.x(1);
    int axis = c.axis(c.attributes().integer("axis", -2), cache.rank());
    long room = cache.size(axis);
    long length = update.size(axis);
    if (axis == 0 || length > room) {
      throw c.error("writes %s into %s along axis %d".formatted(update, cache, axis));
    }
    Tensor start =
        c.optional(2)
            .map(t -> t.to(DType.LONG))
            .orElseGet(() -> Tensors.zeros(DType.LONG, cache.size(0)));
    Tensor places = start.unsqueeze(1).add(Tensors.arange(length));
    places =
        c.attributes().text("mode", "linear").equals("circular")
            ? Maths.remainder(places, Tensors.scalar(room))
            : Indexes.indices(c, places, room);
    long[] shape = new long[cache.rank()];
    Arrays.fill(shape, 1);
    shape[0] = cache.size(0);
    shape[axis] = length;
    return Indexing.scatter(cache, axis, places.reshape(shape).expand(update.shape()), update);
  }
}
