package io.afterimage.train;

import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a generator can be cut in two: the values between its layers from each of which alone, with
 * neither its inputs nor another value, its pictures can be made.
 *
 * <p>A layer here is a Conv, ConvTranspose, Gemm or MatMul of one value that depends on the inputs.
 * What such a layer is given is a cut if another layer stands before it and no way leads around it:
 * a value inside a residual branch is none, the sum after it is one. A generator whose every layer
 * also hears a style vector (StyleGAN) has no cut after that vector.
 */
final class Cuts {
  private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private Cuts() {}

  /** Names of the values, from the inputs on; each once. */
  static List<String> of(OnnxModel generator) {
    Set<String> depending = new HashSet<>(inputs(generator));
    Set<String> layered = new HashSet<>();
    List<String> cuts = new ArrayList<>();
    for (Node node : generator.nodes()) {
      List<String> moved = node.reads().stream().filter(depending::contains).distinct().toList();
      boolean layer = node.domain().isEmpty() && LAYERS.contains(node.type()) && moved.size() == 1;
      if (layer && layered.contains(moved.get(0)) && !cuts.contains(moved.get(0))) {
        cuts.add(moved.get(0));
      }
      if (!moved.isEmpty()) {
        depending.addAll(node.outputs());
      }
      if (layer || moved.stream().anyMatch(layered::contains)) {
        layered.addAll(node.outputs());
      }
      depending.remove(""); // the name of an optional value that is left out
    }
    return cuts.stream().filter(cut -> separates(generator, cut)).toList();
  }

  /** Whether no way from an input to the pictures leads around this value. */
  private static boolean separates(OnnxModel generator, String cut) {
    Set<String> needed = new HashSet<>(Set.of(generator.outputs().get(0).name()));
    List<Node> nodes = generator.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      List<String> outputs = nodes.get(i).outputs();
      if (!outputs.contains(cut) && outputs.stream().anyMatch(needed::contains)) {
        needed.addAll(nodes.get(i).reads());
        needed.remove("");
      }
    }
    return needed.contains(cut) && inputs(generator).stream().noneMatch(needed::contains);
  }

  private static List<String> inputs(OnnxModel generator) {
    return generator.inputs().stream().map(ValueInfo::name).toList();
  }
}
