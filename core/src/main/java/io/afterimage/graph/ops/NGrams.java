package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The n-grams that a TfIdfVectorizer counts.
 *
 * @param pool each n-gram's place among all
 * @param columns of the output, by place
 * @param shortest and longest: how many words
 * @param skips how many words may be left out between two
 */
record NGrams(
    Map<List<String>, Integer> pool, long[] columns, int shortest, int longest, long skips) {
  private static final int LONGEST = 64;

  static NGrams of(Call c) {
    long[] columns = c.attributes().integers("ngram_indexes").orElse(new long[0]);
    if (LongStream.of(columns).anyMatch(i -> i < 0)) {
      throw c.error("counts in a column before the first");
    }
    long shortest = c.attributes().integer("min_gram_length", 1);
    long longest = c.attributes().integer("max_gram_length", 1);
    long skips = c.attributes().integer("max_skip_count", 0);
    if (shortest < 1 || longest < shortest || longest > LONGEST || skips < 0) {
      throw c.error(
          "counts runs of %d to %d words (most %d) that leave out %d"
              .formatted(shortest, longest, LONGEST, skips));
    }
    Map<List<String>, Integer> pool = pool(c);
    if (pool.values().stream().anyMatch(place -> place >= columns.length)) {
      throw c.error("names %d columns for %d runs of words".formatted(columns.length, pool.size()));
    }
    return new NGrams(pool, columns, (int) shortest, (int) longest, skips);
  }

  /** The pool lists all runs of one word, then all of two, …; the counts say where each starts. */
  private static Map<List<String>, Integer> pool(Call c) {
    List<String> words = c.attributes().texts("pool_strings").orElseGet(() -> whole(c));
    long[] starts = c.attributes().integers("ngram_counts").orElse(new long[0]);
    Map<List<String>, Integer> pool = new HashMap<>();
    int place = 0;
    for (int n = 1; n <= starts.length; n++) {
      long end = n < starts.length ? starts[n] : words.size();
      if (starts[n - 1] < 0 || end > words.size() || (end - starts[n - 1]) % n != 0) {
        throw c.error(
            "has ngram_counts " + Arrays.toString(starts) + ", which do not fit its pool");
      }
      for (int at = (int) starts[n - 1]; at < end; at += n) {
        pool.putIfAbsent(List.copyOf(words.subList(at, at + n)), place++);
      }
    }
    return pool;
  }

  private static List<String> whole(Call c) {
    long[] numbers = c.attributes().integers("pool_int64s").orElse(new long[0]);
    return LongStream.of(numbers).mapToObj(Long::toString).toList();
  }

  /** [c] to [columns], [n, c] to [n, columns]: counts, or weights of what occurs, or both. */
  Tensor frequencies(Call c) {
    Value value = c.value(0);
    List<String> words =
        value instanceof Value.Strings texts
            ? texts.values()
            : LongStream.of(c.longs(0)).mapToObj(Long::toString).toList();
    long[] shape = value.shape().clone();
    if (shape.length < 1 || shape.length > 2) {
      throw c.error("needs words in one or two dimensions");
    }
    int length = (int) shape[shape.length - 1];
    int rows = shape.length == 1 ? 1 : (int) shape[0];
    shape[shape.length - 1] = LongStream.of(columns).max().orElse(-1) + 1;
    c.sized(shape);
    int width = (int) shape[shape.length - 1];
    float[] counts = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      count(words.subList(row * length, (row + 1) * length), counts, row * width);
    }
    weigh(c, counts, width);
    return Tensors.of(counts, shape).to(c.real());
  }

  private void count(List<String> words, float[] counts, int offset) {
    for (int n = shortest; n <= longest; n++) {
      // A run of one word leaves none out.
      long most = n == 1 ? 0 : Math.min(skips, words.size());
      for (int step = 1; step <= most + 1; step++) {
        for (int start = 0; start + (long) (n - 1) * step < words.size(); start++) {
          Integer place = pool.get(run(words, start, n, step));
          if (place != null) {
            counts[offset + (int) columns[place]]++;
          }
        }
      }
    }
  }

  private static List<String> run(List<String> words, int start, int n, int step) {
    String[] run = new String[n];
    for (int i = 0; i < n; i++) {
      run[i] = words.get(start + i * step);
    }
    return List.of(run);
  }

  private void weigh(Call c, float[] counts, int width) {
    String mode = c.attributes().text("mode", "TF");
    float[] weights = weights(c, width);
    for (int i = 0; i < counts.length; i++) {
      float weight = weights[i % width];
      counts[i] =
          switch (mode) {
            case "TF" -> counts[i];
            case "IDF" -> counts[i] > 0 ? weight : 0;
            case "TFIDF" -> counts[i] * weight;
            default -> throw c.error("has mode " + mode);
          };
    }
  }

  /** By column; 1 where the node gives none. */
  private float[] weights(Call c, int width) {
    float[] byColumn = new float[width];
    Arrays.fill(byColumn, 1);
    float[] given = c.attributes().numbers("weights").orElse(new float[0]);
    for (int place = 0; place < Math.min(given.length, columns.length); place++) {
      byColumn[(int) columns[place]] = given[place];
    }
    return byColumn;
  }
}
