package io.afterimage.bench.engine;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import java.util.random.RandomGenerator;

/** What both sides work on: a graph with its weights, pictures of 0 to 1 and a class for each. */
record Task(Network network, OnnxModel model, int batch, float[] pictures, int[] classes) {
  static Task of(Network network, int batch) {
    Run run = Run.of(0);
    RandomGenerator random = run.random("pictures");
    float[] pictures = new float[batch * network.row().size()];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = random.nextFloat();
    }
    int[] classes = random.ints(batch, 0, network.classes()).toArray();
    return new Task(network, network.graph(run), batch, pictures, classes);
  }

  /** [rows, ...picture] */
  long[] shape() {
    long[] shape = new long[network.row().rank() + 1];
    shape[0] = batch;
    for (int axis = 0; axis < network.row().rank(); axis++) {
      shape[axis + 1] = network.row().extent(axis);
    }
    return shape;
  }
}
