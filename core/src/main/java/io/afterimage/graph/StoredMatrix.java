package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A matrix of real numbers that a model's file holds: an initializer, a Constant, or the support
 * vectors of a machine.
 *
 * @param name of the tensor, or of the node with the support vectors
 * @param rows its rows
 */
public record StoredMatrix(String name, double[][] rows) {
  /** Numbers that are read at most, for they are held on the Java heap. */
  private static final long MOST_NUMBERS = 1L << 25;

  private static final Set<ElementType> REALS = Set.of(ElementType.FLOAT, ElementType.DOUBLE);

  /**
   * Those of a model whose rows are as wide as one of these widths, each also turned on its side
   * where it then is.
   *
   * @throws BadInputException where they hold more numbers than fit into memory
   */
  public static List<StoredMatrix> of(OnnxModel model, Set<Integer> widths) {
    return of(model, widths, MOST_NUMBERS);
  }

  static List<StoredMatrix> of(OnnxModel model, Set<Integer> widths, long most) {
    Map<String, TensorProto> tensors = new LinkedHashMap<>();
    model.initializers().forEach(n -> tensors.put(n, model.initializer(n).orElseThrow()));
    List<StoredMatrix> found = new ArrayList<>();
    for (Node node : model.allNodes()) {
      if (node.is("Constant")) {
        node.attributes().tensor("value").ifPresent(t -> tensors.put(node.outputs().get(0), t));
      }
      supportVectors(node, widths).ifPresent(found::add);
    }
    requireFew(model, tensors.values(), widths, most);
    tensors.forEach((name, tensor) -> add(name, tensor, widths, found));
    return List.copyOf(found);
  }

  private static void requireFew(
      OnnxModel model, Collection<TensorProto> tensors, Set<Integer> widths, long most) {
    double numbers = 0;
    for (TensorProto tensor : tensors) {
      if (isMatrix(tensor)) {
        double size = (double) tensor.getDims(0) * tensor.getDims(1);
        numbers += isWide(tensor.getDims(1), widths) ? size : 0;
        numbers += isWide(tensor.getDims(0), widths) ? size : 0;
      }
    }
    if (numbers > most) {
      throw new BadInputException(
          "%s stores %.0f numbers in rows as wide as its values, more than the %d that are searched"
              .formatted(model.name(), numbers, most));
    }
  }

  private static boolean isMatrix(TensorProto tensor) {
    return tensor.getDimsCount() == 2 && REALS.contains(TensorData.type(tensor));
  }

  private static boolean isWide(long extent, Set<Integer> widths) {
    return extent <= Integer.MAX_VALUE && widths.contains((int) extent);
  }

  private static void add(
      String name, TensorProto tensor, Set<Integer> widths, List<StoredMatrix> found) {
    if (!isMatrix(tensor)) {
      return;
    }
    int height = Math.toIntExact(tensor.getDims(0));
    int width = Math.toIntExact(tensor.getDims(1));
    if (widths.contains(width)) {
      double[] values = TensorData.reals(tensor);
      found.add(new StoredMatrix(name, cut(values, height, width, width, 1)));
    }
    if (widths.contains(height)) {
      double[] values = TensorData.reals(tensor);
      found.add(new StoredMatrix(name, cut(values, width, height, 1, width)));
    }
  }

  private static double[][] cut(double[] values, int rows, int columns, int down, int right) {
    double[][] cut = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        cut[row][column] = values[row * down + column * right];
      }
    }
    return cut;
  }

  private static Optional<StoredMatrix> supportVectors(Node node, Set<Integer> widths) {
    float[] values = node.attributes().numbers("support_vectors").orElse(new float[0]);
    long count =
        node.type().equals("SVMRegressor")
            ? node.attributes().integer("n_supports", 0)
            : Arrays.stream(node.attributes().integers("vectors_per_class").orElse(new long[0]))
                .sum();
    if (!node.domain().equals(Node.ML)
        || count < 1
        || values.length % count != 0
        || !widths.contains((int) (values.length / count))) {
      return Optional.empty();
    }
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    int width = (int) (values.length / count);
    return Optional.of(new StoredMatrix(node.name(), cut(wide, (int) count, width, width, 1)));
  }
}
