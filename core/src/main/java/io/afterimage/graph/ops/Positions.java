package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What goes with attention: rotary position embeddings, and caches written at a position. */
final class Positions {
  private Positions() {}

  static void register() {
    Operators.one("RotaryEmbedding", Positions::rotary);
    Operators.in(Node.MICROSOFT, "RotaryEmbedding", Operators.single(Positions::rotaryOfOptimiser));
    Operators.one("TensorScatter", Positions::write);
  }

  /**
   * The angles of the words by which pairs of their features are turned.
   *
   * @param cos [batch or 1, sequence, pairs]
   * @param interleaved whether a pair stands side by side, not half the features apart
   */
  record Angles(Tensor cos, Tensor sin, boolean interleaved) {
    /** From the rows of two caches at these positions; without positions they are rows already. */
    static Angles of(Call c, int cache, Optional<Tensor> places, String interleaved) {
      return new Angles(
          rows(c, c.x(cache), places),
          rows(c, c.x(cache + 1), places),
          c.attributes().flag(interleaved, false));
    }

    private static Tensor rows(Call c, Tensor cache, Optional<Tensor> places) {
      if (places.isEmpty()) {
        return cache;
      }
      Tensor chosen = Indexes.indices(c, places.get(), cache.size(0));
      return Indexing.indexSelect(cache, 0, chosen.reshape(-1))
          .reshape(chosen.size(0), chosen.size(1), cache.size(-1));
    }
  }

  /** [batch, heads, sequence, size] or [batch, sequence, heads * size]. */
  private static Tensor rotary(Call c) {
    Tensor x = c.x(0);
    Tensor split = split(c, x, c.attributes().integer("num_heads", 0));
    long given = c.attributes().integer("rotary_embedding_dim", 0);
    long turned = given == 0 ? split.size(3) : given;
    Angles angles = Angles.of(c, 1, c.optional(3), "interleaved");
    return merged(x, rotated(c, split, turned, angles));
  }

  /** The same, with one position for the first word or one for each, before the angles. */
  private static Tensor rotaryOfOptimiser(Call c) {
    Tensor x = c.x(0);
    long turned = 2 * c.x(2).size(-1);
    long given = c.attributes().integer("num_heads", 0);
    boolean implied = given == 0 && x.rank() == 3;
    Tensor split = split(c, x, implied && turned > 0 ? x.size(2) / turned : given);
    Tensor places =
        c.x(1).rank() == 1
            ? Tensors.arange(split.size(1)).add(Tensors.scalar(c.number(1))).unsqueeze(0)
            : c.x(1);
    Angles angles = Angles.of(c, 2, Optional.of(places), "interleaved");
    return merged(x, rotated(c, split, turned, angles));
  }

  private static Tensor split(Call c, Tensor x, long heads) {
    if (x.rank() == 4) {
      return x.transpose(1, 2);
    }
    if (x.rank() != 3 || heads < 1 || x.size(2) % heads != 0) {
      throw c.error("cannot cut %s into %d heads".formatted(x, heads));
    }
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
  }

  private static Tensor merged(Tensor like, Tensor split) {
    return like.rank() == 4 ? split.transpose(1, 2) : split.reshape(like.shape());
  }

  /**
   * Turns pairs of features by an angle that grows with the position (Su et al., RoFormer, 2021).
   *
   * @param x [batch, sequence, heads, size]
   * @param turned how many of its features are turned, the first ones
   */
  static Tensor rotated(Call c, Tensor x, long turned, Angles angles) {
    long size = x.size(3);
    if (turned < 0 || turned > size || turned % 2 != 0) {
      throw c.error("turns %d of %d features".formatted(turned, size));
    }
    long[] shape = angles.cos.shape();
    if (shape.length != 3 || shape[2] != turned / 2 || !Arrays.equals(shape, angles.sin.shape())) {
      throw c.error("has angles of shape %s for %s".formatted(Arrays.toString(shape), x));
    }
    Tensor first = turned(x.narrow(3, 0, turned), angles);
    return Indexing.cat(List.of(first, x.narrow(3, turned, size - turned)), 3);
  }

  private static Tensor turned(Tensor x, Angles angles) {
    Tensor cos = angles.cos.unsqueeze(2);
    Tensor sin = angles.sin.unsqueeze(2);
    long half = x.size(3) / 2;
    boolean interleaved = angles.interleaved;
    Tensor first = interleaved ? x.slice(3, 0, 2 * half, 2) : x.narrow(3, 0, half);
    Tensor second = interleaved ? x.slice(3, 1, 2 * half, 2) : x.narrow(3, half, half);
    List<Tensor> pair =
        List.of(cos.mul(first).sub(sin.mul(second)), sin.mul(first).add(cos.mul(second)));
    return interleaved ? Indexing.stack(pair, 4).reshape(x.shape()) : Indexing.cat(pair, 3);
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
