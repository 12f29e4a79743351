package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import java.util.Arrays;

/**
 * The usual networks. Their weights start as Glorot &amp; Bengio 2010 and He et al. 2015 draw them.
 */
public final class Architectures {
  private static final int WIDEST = 1 << 20;

  private Architectures() {}

  /** Softmax regression; arrays are flattened. */
  public static Architecture softmax(int classes) {
    return mlp(classes);
  }

  /** Hidden layers of these widths with ReLU, then softmax; arrays are flattened. */
  public static Architecture mlp(int classes, int... hidden) {
    inRange("classes", classes, 2, WIDEST);
    Arrays.stream(hidden).forEach(width -> inRange("hidden", width, 1, WIDEST));
    return layers -> {
      layers.flatten();
      for (int width : hidden) {
        layers.dense(width, Layers.Next.RELU).relu();
      }
      layers.dense(classes, Layers.Next.NONE).softmax();
    };
  }

  /**
   * LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) with ReLU and max pooling, over pictures of
   * channels x height x width, from 4 x 4 on. The second convolution pads where its picture is
   * smaller than 10 x 10.
   */
  public static Architecture lenet(int classes) {
    inRange("classes", classes, 2, WIDEST);
    return layers -> {
      layers.conv(6, 5, 2).relu().maxPool();
      layers.conv(16, 5, layers.smallestSide() < 10 ? 2 : 0).relu().maxPool();
      layers.flatten();
      layers.dense(120, Layers.Next.RELU).relu();
      layers.dense(84, Layers.Next.RELU).relu();
      layers.dense(classes, Layers.Next.NONE).softmax();
    };
  }

  /** One linear value; arrays are flattened. */
  public static Architecture linearRegression() {
    return layers -> layers.flatten().dense(1, Layers.Next.NONE).value();
  }
}
