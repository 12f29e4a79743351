package io.afterimage.graph.ops;

import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Einsum: sums of products over axes that are named by letters. */
final class Einsum {
  private static final String OTHERS = "...";

  private Einsum() {}

  static void register() {
    Operators.one("Einsum", Einsum::run);
  }

  private static Tensor run(Call c) {
    String equation = c.attributes().text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    List<Tensor> operands = c.all();
    if (terms.length != operands.size()) {
      throw c.error("names %d operands, but has %d".formatted(terms.length, operands.size()));
    }
    Map<Character, Long> extents = new HashMap<>();
    long others = 1;
    for (int i = 0; i < terms.length; i++) {
      others = Math.max(others, named(c, terms[i], operands.get(i).shape(), extents));
    }
    String result = arrow < 0 ? once(String.join("", terms)) : equation.substring(arrow + 2);
    long[] kept =
        letters(result).chars().mapToLong(l -> extents.getOrDefault((char) l, 1L)).toArray();
    long[] shape = Arrays.copyOf(kept, kept.length + 1);
    shape[kept.length] = others;
    c.sized(shape);
    return Nn.einsum(equation, operands);
  }

  /** Notes the extent of each letter; gives the product of those that an ellipsis stands for. */
  private static long named(Call c, String term, long[] shape, Map<Character, Long> extents) {
    String letters = letters(term);
    int split = term.contains(OTHERS) ? term.indexOf(OTHERS) : letters.length();
    int unnamed = shape.length - letters.length();
    if (unnamed < 0 || (unnamed > 0 && !term.contains(OTHERS))) {
      throw c.error("names %d axes of %s".formatted(letters.length(), Arrays.toString(shape)));
    }
    for (int i = 0; i < letters.length(); i++) {
      long extent = shape[i < split ? i : i + unnamed];
      extents.merge(letters.charAt(i), extent, Math::max);
    }
    return Arrays.stream(shape, split, split + unnamed).reduce(1, Math::multiplyExact);
  }

  private static String letters(String term) {
    return term.replace(OTHERS, "");
  }

  /** Without an arrow, letters that stand once are kept. */
  private static String once(String terms) {
    StringBuilder kept = new StringBuilder();
    letters(terms)
        .chars()
        .filter(l -> terms.indexOf(l) == terms.lastIndexOf(l))
        .forEach(l -> kept.append((char) l));
    return kept.toString();
  }
}
