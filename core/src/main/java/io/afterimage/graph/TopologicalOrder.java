package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/** Orders nodes so that each follows what it needs (Kahn 1962); the given order where it can be. */
final class TopologicalOrder {
  private final String file;
  private final Set<String> known;

  /** The names known before the first node; those of the nodes' outputs are added. */
  TopologicalOrder(String file, Set<String> known) {
    this.file = file;
    this.known = known;
  }

  List<NodeProto> sort(List<NodeProto> nodes) {
    Map<String, Integer> producers = producers(nodes);
    int[] waits = new int[nodes.size()];
    List<List<Integer>> waiting = new ArrayList<>();
    nodes.forEach(n -> waiting.add(new ArrayList<>()));
    for (int i = 0; i < waits.length; i++) {
      for (String input : needs(nodes.get(i))) {
        Integer producer = producers.get(input);
        if (producer != null) {
          waits[i]++;
          waiting.get(producer).add(i);
        } else if (!known.contains(input)) {
          throw new BadInputException(
              "%s: node %s needs %s, which nothing computes"
                  .formatted(file, label(nodes.get(i)), input));
        }
      }
    }
    List<NodeProto> sorted = release(nodes, waits, waiting);
    known.addAll(producers.keySet());
    return sorted;
  }

  private List<NodeProto> release(List<NodeProto> nodes, int[] waits, List<List<Integer>> waiting) {
    List<NodeProto> sorted = new ArrayList<>(nodes.size());
    Queue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < waits.length; i++) {
      if (waits[i] == 0) {
        ready.add(i);
      }
    }
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int follower : waiting.get(next)) {
        if (--waits[follower] == 0) {
          ready.add(follower);
        }
      }
    }
    for (int i = 0; i < waits.length; i++) {
      if (waits[i] > 0) {
        throw new BadInputException(
            "%s: its graph has a cycle through node %s".formatted(file, label(nodes.get(i))));
      }
    }
    return sorted;
  }

  private Map<String, Integer> producers(List<NodeProto> nodes) {
    Map<String, Integer> producers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        if (!output.isEmpty()
            && (known.contains(output) || producers.putIfAbsent(output, i) != null)) {
          throw new BadInputException("%s: two values are called %s".formatted(file, output));
        }
      }
    }
    return producers;
  }

  /** What a node reads, also from within its subgraphs. */
  private static Set<String> needs(NodeProto node) {
    Set<String> needs = new HashSet<>(node.getInputList());
    needs.remove("");
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        needs.addAll(needs(attribute.getG()));
      }
      attribute.getGraphsList().forEach(g -> needs.addAll(needs(g)));
    }
    return needs;
  }

  /** What a graph and its subgraphs read from around it. */
  static Set<String> needs(GraphProto graph) {
    Set<String> needs = new HashSet<>();
    Set<String> own = new HashSet<>();
    graph.getInputList().forEach(i -> own.add(i.getName()));
    graph.getInitializerList().forEach(i -> own.add(i.getName()));
    for (NodeProto node : graph.getNodeList()) {
      needs.addAll(needs(node));
      own.addAll(node.getOutputList());
    }
    graph.getOutputList().forEach(o -> needs.add(o.getName()));
    needs.removeAll(own);
    return needs;
  }

  private static String label(NodeProto node) {
    return node.getOpType() + " \"" + node.getName() + "\"";
  }
}
