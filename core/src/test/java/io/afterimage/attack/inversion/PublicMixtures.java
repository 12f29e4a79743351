package io.afterimage.attack.inversion;

import io.afterimage.attack.fixture.Digits;
import io.afterimage.data.Column;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.nio.file.Path;

/** A prior that knows what there is: it mixes the mean public pictures of the digits. */
final class PublicMixtures {
  private static final int SIZE = Digits.SHAPE.size();
  private static final int CLASSES = Digits.CLASSES.size();

  private PublicMixtures() {}

  /** Writes it: shares are the softmax of twice the ten latent numbers. */
  static Path write(Path folder) {
    GraphBuilder graph = new GraphBuilder("mixture");
    graph.input("z", ElementType.FLOAT, "N", CLASSES);
    String two = graph.initializer("two", new float[] {2}, 1);
    String sharper = graph.node("Mul", "z", two).to("sharper");
    String shares = graph.node("Softmax", sharper).to("shares");
    String means = graph.initializer("means", means(), CLASSES, SIZE);
    String mixed = graph.node("MatMul", shares, means).to("mixed");
    String shape = graph.initializer("shape", new long[] {-1, 1, 8, 8}, 4);
    graph.node("Reshape", mixed, shape).to("made");
    graph.output("made", ElementType.FLOAT, "N", 1, 8, 8);
    Path file = folder.resolve("mixture.onnx");
    graph.build().write(file);
    return file;
  }

  private static float[] means() {
    float[] pixels =
        ((Column.Array) PrivateDigits.SPLIT.population().orElseThrow().inputs().get(0)).values();
    int each = pixels.length / SIZE / CLASSES;
    float[] means = new float[CLASSES * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      means[i / SIZE % CLASSES * SIZE + i % SIZE] += pixels[i] / each;
    }
    return means;
  }
}
