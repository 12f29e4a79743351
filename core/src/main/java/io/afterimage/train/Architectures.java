package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.data.Shape;
import java.util.Arrays;

/**
 * The usual networks. Their weights start as Glorot &amp; Bengio 2010 and He et al. 2015 draw them.
 */
public final class Architectures {
  private static final int WIDEST = 1 << 20;
  private static final int DEEPEST = 1000;
  private static final int STAGES = 4;

  private Architectures() {}

  /** Softmax regression; arrays are flattened. */
  public static Architecture softmax(int classes) {
    return mlp(classes);
  }

  /** Hidden layers of these widths with ReLU, then softmax; arrays are flattened. */
  public static Architecture mlp(int classes, int... hidden) {
    return mlp(new Head.Classes(classes), hidden);
  }

  /** Hidden layers of these widths with ReLU, then the head; arrays are flattened. */
  public static Architecture mlp(Head head, int... hidden) {
    Arrays.stream(hidden).forEach(width -> inRange("--hidden", width, 1, WIDEST));
    return layers -> {
      layers.flatten();
      for (int width : hidden) {
        layers.dense(width, Layers.Next.RELU).relu();
      }
      head.lay(layers);
    };
  }

  /** Hidden layers of these widths with sigmoids, then the head; arrays are flattened. */
  public static Architecture sigmoids(Head head, int... hidden) {
    Arrays.stream(hidden).forEach(width -> inRange("--hidden", width, 1, WIDEST));
    return layers -> {
      layers.flatten();
      for (int width : hidden) {
        layers.dense(width, Layers.Next.NONE).sigmoid();
      }
      head.lay(layers);
    };
  }

  /** LeNet-5 as a classifier. */
  public static Architecture lenet(int classes) {
    return lenet(new Head.Classes(classes));
  }

  /**
   * LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) with ReLU and max pooling, over pictures of
   * channels x height x width, from 4 x 4 on. The second convolution pads where its picture is
   * smaller than 10 x 10.
   */
  public static Architecture lenet(Head head) {
    return layers -> {
      layers.picture().conv(6, 5, 2).relu().maxPool();
      layers.conv(16, 5, layers.smallestSide() < 10 ? 2 : 0).relu().maxPool();
      layers.flatten();
      layers.dense(120, Layers.Next.RELU).relu();
      layers.dense(84, Layers.Next.RELU).relu();
      head.lay(layers);
    };
  }

  /**
   * A residual network for small pictures (He, Zhang, Ren, Sun, CVPR 2016): one convolution, four
   * stages of basic blocks that double the width and halve the picture, the mean of each channel.
   * Width 64 with 2 blocks is ResNet-18.
   *
   * @param width channels of the first stage
   * @param blocks in each stage
   */
  public static Architecture resnet(Head head, int width, int blocks) {
    inRange("--width", width, 1, WIDEST / 8);
    inRange("--layers", blocks, 1, DEEPEST);
    return layers -> {
      layers.picture().convUnbiased(width, 3, 1).batchNorm().relu();
      for (int stage = 0; stage < STAGES; stage++) {
        for (int block = 0; block < blocks; block++) {
          int stride = stage > 0 && block == 0 ? 2 : 1;
          basicBlock(layers, width << stage, stride);
        }
      }
      layers.meanOfPicture();
      head.lay(layers);
    };
  }

  private static void basicBlock(Layers layers, int width, int stride) {
    layers.residual(
        stride,
        branch ->
            branch
                .convUnbiased(width, 3, stride)
                .batchNorm()
                .relu()
                .convUnbiased(width, 3, 1)
                .batchNorm());
    layers.relu();
  }

  /**
   * Rows squeezed through ever narrower layers and built again by the same widths in reverse
   * (Hinton, Salakhutdinov, Science 2006).
   *
   * @param coins whether what is built are probabilities, as pixels from 0 to 1 are
   * @param hidden widths down to the code
   */
  public static Architecture autoencoder(boolean coins, int... hidden) {
    check(hidden.length > 0, "--hidden needs a width at least: that of the code");
    Arrays.stream(hidden).forEach(width -> inRange("--hidden", width, 1, WIDEST));
    return layers -> {
      Shape row = layers.shape();
      layers.flatten();
      for (int width : hidden) {
        layers.dense(width, Layers.Next.RELU).relu();
      }
      for (int i = hidden.length - 2; i >= 0; i--) {
        layers.dense(hidden[i], Layers.Next.RELU).relu();
      }
      layers.dense(row.size(), Layers.Next.NONE);
      if (coins) {
        layers.sigmoid();
      }
      layers.reshape(row).reconstruction();
    };
  }

  /**
   * Gated recurrent units (Cho et al., EMNLP 2014) over sequences, the last state of which the head
   * reads.
   *
   * @param width of a state, and of a token's embedding
   * @param depth units above each other
   * @param vocabulary how many tokens there are; 0 for rows of steps x features
   */
  public static Architecture gru(Head head, int width, int depth, int vocabulary) {
    inRange("--width", width, 1, WIDEST);
    inRange("--layers", depth, 1, DEEPEST);
    return layers -> {
      SequenceLayers steps = new SequenceLayers(layers).embed(vocabulary, width);
      for (int i = 0; i < depth; i++) {
        steps.gru(width);
      }
      head.lay(steps.last());
    };
  }

  /**
   * The encoder of a transformer (Vaswani et al., NeurIPS 2017) with the normalisation before each
   * part (Xiong et al., ICML 2020), learned positions and four times the width inside; the head
   * reads the mean over the steps.
   *
   * @param width of a step, a multiple of the heads
   * @param depth encoder layers
   * @param vocabulary how many tokens there are; 0 for rows of steps x features
   */
  public static Architecture transformer(
      Head head, int width, int heads, int depth, int vocabulary) {
    inRange("--width", width, 1, WIDEST / 4);
    inRange("--heads", heads, 1, width);
    inRange("--layers", depth, 1, DEEPEST);
    return layers -> {
      SequenceLayers steps = new SequenceLayers(layers).embed(vocabulary, width);
      steps.project(width, Layers.Next.NONE).positions();
      for (int i = 0; i < depth; i++) {
        steps.residual(branch -> branch.norm().attention(heads));
        steps.residual(
            branch ->
                branch
                    .norm()
                    .project(4 * width, Layers.Next.RELU)
                    .relu()
                    .project(width, Layers.Next.NONE));
      }
      head.lay(steps.norm().mean());
    };
  }

  /** One linear value; arrays are flattened. */
  public static Architecture linearRegression() {
    return mlp(new Head.Value());
  }
}
