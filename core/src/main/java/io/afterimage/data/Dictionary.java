package io.afterimage.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct texts of one column over all roles. Codes are given out in order of appearance;
 * {@link #sorted} and {@link #ranks} give the order that does not depend on the rows'.
 */
final class Dictionary {
  /** By the bytes of their UTF-8 form, unsigned: the order in which file systems list them. */
  static final Comparator<String> BYTES =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  private final Map<String, Integer> codes = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  /** The code of this text, a new one for a new text. */
  int code(String text) {
    Integer known = codes.get(text);
    if (known != null) {
      return known;
    }
    codes.put(text, texts.size());
    texts.add(text);
    return texts.size() - 1;
  }

  int size() {
    return texts.size();
  }

  /** By their bytes; by their value if all are numbers and the file does not call them text. */
  List<String> sorted(boolean declaredText) {
    boolean numbers =
        !declaredText && texts.stream().allMatch(t -> Numbers.kind(t) == Numbers.Kind.NUMBER);
    Comparator<String> order =
        numbers ? Comparator.comparingDouble(Numbers::value).thenComparing(BYTES) : BYTES;
    return texts.stream().sorted(order).toList();
  }

  /** For each code its place in this order, which holds every text. */
  int[] ranks(List<String> order) {
    int[] ranks = new int[texts.size()];
    for (int rank = 0; rank < order.size(); rank++) {
      Integer code = codes.get(order.get(rank));
      if (code != null) {
        ranks[code] = rank;
      }
    }
    return ranks;
  }

  /** Counts what all dictionaries of one reading hold, so that they cannot fill the heap. */
  static final class Room {
    /** A string, its entry in the map and its place in the list. */
    private static final int OVERHEAD = 112;

    private final long most = Runtime.getRuntime().maxMemory() / 4;
    private long taken;

    void take(String column, String text) {
      taken += OVERHEAD + text.length();
      if (taken > most) {
        throw new BadInputException(
            ("the texts of column %s do not fit into a quarter of the heap (%d MB);"
                    + " leave the column out with --ignore, or raise -Xmx")
                .formatted(Show.quoted(column), most >> 20));
      }
    }
  }
}
