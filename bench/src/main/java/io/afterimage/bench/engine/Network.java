package io.afterimage.bench.engine;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Architectures;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The networks that are timed, each as a graph and as calls written by hand. */
public enum Network {
  /** Fredrikson et al.'s face recogniser. */
  SOFTMAX(40) {
    @Override
    Shape row() {
      return new Shape(10304);
    }

    @Override
    OnnxModel graph(Run run) {
      return Architectures.softmax(classes()).over(row(), run);
    }

    @Override
    public Tensor logits(Tensor x, Tensor[] p) {
      return linear(x, p, 0);
    }
  },

  /** Its other one, with one hidden layer. */
  MLP(40) {
    @Override
    Shape row() {
      return new Shape(10304);
    }

    @Override
    OnnxModel graph(Run run) {
      return Architectures.mlp(classes(), 3000).over(row(), run);
    }

    @Override
    public Tensor logits(Tensor x, Tensor[] p) {
      Tensor hidden = linear(x, p, 0).relu();
      return linear(hidden, p, 1);
    }
  },

  LENET(10) {
    @Override
    Shape row() {
      return new Shape(1, 28, 28);
    }

    @Override
    OnnxModel graph(Run run) {
      return Architectures.lenet(classes()).over(row(), run);
    }

    @Override
    public Tensor logits(Tensor x, Tensor[] p) {
      Tensor first = conv(x, p, 0, 1, 2).relu();
      Tensor second = conv(pooled(first), p, 1, 1, 0).relu();
      Tensor flat = pooled(second).flatten(1, -1);
      Tensor third = linear(flat, p, 2).relu();
      Tensor fourth = linear(third, p, 3).relu();
      return linear(fourth, p, 4);
    }

    private Tensor pooled(Tensor x) {
      long[] two = {2, 2};
      return torch.max_pool2d(x, two, two, new long[] {0, 0}, new long[] {1, 1}, false);
    }
  },

  /** He et al. 2016 with its batch normalisation folded, as exporters write it. */
  RESNET18(10) {
    @Override
    Shape row() {
      return new Shape(3, 32, 32);
    }

    @Override
    OnnxModel graph(Run run) {
      return FoldedResNet.graph(row(), classes(), run);
    }

    @Override
    public Tensor logits(Tensor x, Tensor[] p) {
      return FoldedResNet.logits(x, p);
    }
  };

  private final int classes;

  Network(int classes) {
    this.classes = classes;
  }

  int classes() {
    return classes;
  }

  /** The shape of one picture. */
  abstract Shape row();

  /** The graph with fresh weights. */
  abstract OnnxModel graph(Run run);

  /**
   * What stands before its softmax.
   *
   * @param parameters weights and bias of each layer, in the layers' order
   */
  public abstract Tensor logits(Tensor x, Tensor[] parameters);

  /** A dense layer of these weights and bias. */
  public static Tensor linear(Tensor x, Tensor[] p, int layer) {
    return torch.linear(x, p[2 * layer], new TensorOptional(p[2 * layer + 1]));
  }

  /** A convolution of these weights and bias, the same along both sides. */
  public static Tensor conv(Tensor x, Tensor[] p, int layer, long stride, long padding) {
    long[] strides = {stride, stride};
    long[] pads = {padding, padding};
    TensorOptional bias = new TensorOptional(p[2 * layer + 1]);
    return torch.conv2d(x, p[2 * layer], bias, strides, pads, new long[] {1, 1}, 1);
  }
}
