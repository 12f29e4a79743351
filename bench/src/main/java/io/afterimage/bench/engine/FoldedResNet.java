package io.afterimage.bench.engine;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * ResNet-18 for pictures of 32 x 32: a convolution of 3 x 3, four stages of two blocks, the mean
 * over space, one dense layer. Batch normalisation is folded into the convolutions.
 */
final class FoldedResNet {
  private static final int STAGES = 4;
  private static final int WIDTH = 64;

  private final GraphBuilder graph = new GraphBuilder("resnet-18");
  private final RandomGenerator random;
  private int layers;

  private FoldedResNet(Run run) {
    this.random = run.random("weights");
  }

  // ---- as a graph

  static OnnxModel graph(Shape row, int classes, Run run) {
    return new FoldedResNet(run).graph(row, classes);
  }

  private OnnxModel graph(Shape row, int classes) {
    String x =
        graph.input("x", ElementType.FLOAT, "N", row.extent(0), row.extent(1), row.extent(2));
    x = relu(conv(x, row.extent(0), WIDTH, 3, 1));
    int channels = WIDTH;
    for (int stage = 0; stage < STAGES; stage++) {
      int width = WIDTH << stage;
      for (int block = 0; block < 2; block++) {
        x = block(x, channels, width, block == 0 && stage > 0 ? 2 : 1);
        channels = width;
      }
    }
    x = graph.node("GlobalAveragePool", x).to("pooled");
    x = graph.node("Flatten", x).with("axis", 1).to("flat");
    String weights = weights("dense", classes, channels);
    String bias = graph.initializer("dense.bias", new float[classes], classes);
    String logits = graph.node("Gemm", x, weights, bias).with("transB", 1).to("logits");
    graph.node("Softmax", logits).with("axis", 1).to("probabilities");
    graph.output("probabilities", ElementType.FLOAT, "N", classes);
    return graph.build();
  }

  private String block(String x, int channels, int width, int stride) {
    String first = relu(conv(x, channels, width, 3, stride));
    String second = conv(first, width, width, 3, 1);
    String shortcut = channels == width ? x : conv(x, channels, width, 1, stride);
    return relu(graph.node("Add", second, shortcut).to("sum" + layers));
  }

  private String conv(String x, int channels, int width, int kernel, int stride) {
    String name = "conv" + layers++;
    String weights = weights(name, width, channels, kernel, kernel);
    String bias = graph.initializer(name + ".bias", new float[width], width);
    long pad = kernel / 2;
    return graph
        .node("Conv", x, weights, bias)
        .with("strides", new long[] {stride, stride})
        .with("pads", new long[] {pad, pad, pad, pad})
        .to(name);
  }

  private String relu(String x) {
    return graph.node("Relu", x).to("relu-" + x);
  }

  private String weights(String layer, long outputs, long... inputs) {
    long fan = 1;
    long[] shape = new long[inputs.length + 1];
    shape[0] = outputs;
    for (int axis = 0; axis < inputs.length; axis++) {
      shape[axis + 1] = inputs[axis];
      fan *= inputs[axis];
    }
    float[] drawn = new float[Math.toIntExact(outputs * fan)];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) (random.nextGaussian() * Math.sqrt(1.0 / fan));
    }
    return graph.initializer(layer + ".weight", drawn, shape);
  }

  // ---- by hand

  static Tensor logits(Tensor x, Tensor[] p) {
    int layer = 0;
    Tensor value = Network.conv(x, p, layer++, 1, 1).relu();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < 2; block++) {
        boolean narrows = block == 0 && stage > 0;
        Tensor first = Network.conv(value, p, layer++, narrows ? 2 : 1, 1).relu();
        Tensor second = Network.conv(first, p, layer++, 1, 1);
        Tensor shortcut = narrows ? Network.conv(value, p, layer++, 2, 0) : value;
        value = second.add(shortcut).relu();
      }
    }
    return Network.linear(value.mean(2, 3).flatten(1, -1), p, layer);
  }
}
