package io.afterimage.graph;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of a loop's body, apart from those with rows, that may differ from step to step. */
final class StepChanges {
  /** What they read changes no shape, be it at any input. */
  private static final Set<String> STEADY =
      Stream.concat(
              RowRules.ELEMENTWISE.stream().flatMap(line -> Stream.of(line.split(" "))),
              Stream.of("Gather", "GatherElements", "MatMul", "Gemm", "Concat", "Einsum"))
          .collect(Collectors.toUnmodifiableSet());

  /** What they read first changes no shape. */
  private static final Set<String> STEADY_FIRST =
      Set.of(
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Flatten",
          "Reshape",
          "Slice",
          "Split",
          "Softmax",
          "LogSoftmax",
          "ArgMax",
          "ArgMin",
          "Expand",
          "Tile",
          "Shape",
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare",
          "ReduceProd");

  private final Predicate<String> rowed;
  private final Set<String> varying = new HashSet<>();

  StepChanges(Predicate<String> rowed) {
    this.rowed = rowed;
  }

  void add(String value) {
    if (!rowed.test(value)) {
      varying.add(value);
    }
  }

  /**
   * Whether the shapes of a node's results are the same at each step; takes note of the results.
   */
  boolean passesOn(Node node) {
    for (int i = 0; i < node.inputs().size(); i++) {
      if (varying.contains(node.input(i))) {
        if (!isSteady(node, i)) {
          return false;
        }
        node.outputs().forEach(this::add);
      }
    }
    return true;
  }

  private static boolean isSteady(Node node, int input) {
    return node.domain().isEmpty()
        && (STEADY.contains(node.type()) || (input == 0 && STEADY_FIRST.contains(node.type())));
  }

  boolean holdsAllOf(StepChanges others) {
    return varying.containsAll(others.varying);
  }

  /** What is seen of every step, not of the first alone. */
  BatchTrace unseen(BatchTrace first) {
    return new Steady(first, varying);
  }

  private record Steady(BatchTrace first, Set<String> varying) implements BatchTrace {
    @Override
    public Optional<long[]> shape(String value) {
      return first.shape(value);
    }

    @Override
    public Optional<long[]> integers(String value) {
      return varying.contains(value) ? Optional.empty() : first.integers(value);
    }

    @Override
    public boolean sameAlong(String value, int axis) {
      return !varying.contains(value) && first.sameAlong(value, axis);
    }
  }
}
