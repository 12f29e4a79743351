package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The versions of the standard set in which an operator came to mean something else by the same
 * words, or to take its settings elsewhere. Versions that only take more types are left out.
 */
final class Editions {
  private static final int OLDEST = 7;

  private static final Map<String, Set<Integer>> CHANGES = new HashMap<>();

  static {
    changed(8, "Expand Max Min Mean Sum MaxPool Scan");
    changed(9, "BatchNormalization Scan Upsample");
    changed(10, "Slice TopK Resize Upsample Dropout MaxPool AveragePool");
    changed(11, "Clip Pad Resize DepthToSpace OneHot Gemm Conv ConvTranspose Loop Scan");
    changed(12, "Dropout Clip");
    changed(13, "Softmax LogSoftmax Hardmax Squeeze Unsqueeze ReduceSum Split Resize");
    changed(14, "BatchNormalization");
    changed(15, "BatchNormalization");
    changed(18, "ReduceMax ReduceMean ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum");
    changed(18, "ReduceLogSumExp ReduceSumSquare Split Resize");
    changed(19, "Resize AveragePool DeformConv");
    changed(20, "GridSample DFT AffineGrid");
    changed(21, "GroupNormalization");
  }

  private static void changed(int version, String types) {
    for (String type : types.split(" ", -1)) {
      CHANGES.computeIfAbsent(type, t -> new HashSet<>()).add(version);
    }
  }

  private Editions() {}

  /** Whether nodes of one version of the standard set mean the same in a later one. */
  static boolean agree(List<NodeProto> nodes, long written, long read) {
    return written == read
        || (OLDEST <= written
            && written < read
            && nodes.stream().allMatch(node -> agrees(node, written, read)));
  }

  private static boolean agrees(NodeProto node, long written, long read) {
    boolean same =
        !Node.domain(node).isEmpty()
            || CHANGES.getOrDefault(node.getOpType(), Set.of()).stream()
                .allMatch(change -> change <= written || change > read);
    return same
        && node.getAttributeList().stream()
            .filter(AttributeProto::hasG)
            .allMatch(body -> agree(body.getG().getNodeList(), written, read));
  }
}
