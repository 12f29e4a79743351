package io.afterimage.bench;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.Head;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * Pictures of ten classes of which the first five are private and the others public: the split of
 * MNIST by which BiDO and others measure inversion.
 */
final class PrivateClasses {
  static final Shape SHAPE = new Shape(1, 28, 28);
  private static final int PRIVATE = 5;

  private final Split split;

  private PrivateClasses(Split split) {
    this.split = split;
  }

  /** Members are of the training set, non-members of the test set, the public of both. */
  static PrivateClasses read(Path folder) {
    Dataset train = rows(folder.resolve("train-images-idx3-ubyte.gz"));
    Dataset test = rows(folder.resolve("t10k-images-idx3-ubyte.gz"));
    return new PrivateClasses(
        new Split(
            of("members", 0, train),
            of("nonmembers", 0, test),
            Optional.of(of("population", PRIVATE, train, test)),
            Optional.empty()));
  }

  private static Dataset rows(Path images) {
    return DataReader.read(Map.of("members", images), ReadOptions.defaults()).get("members");
  }

  /** The rows of five classes, from this one on, which are numbered from 0. */
  private static Dataset of(String role, int first, Dataset... sources) {
    int count = Arrays.stream(sources).mapToInt(rows -> chosen(rows, first).length).sum();
    float[] pixels = new float[count * SHAPE.size()];
    int[] classes = new int[count];
    int at = 0;
    for (Dataset source : sources) {
      float[] all = ((Column.Array) source.inputs().get(0)).values();
      for (int row : chosen(source, first)) {
        System.arraycopy(all, row * SHAPE.size(), pixels, at * SHAPE.size(), SHAPE.size());
        classes[at++] = source.classes()[row] - first;
      }
    }
    List<String> names =
        IntStream.range(first, first + PRIVATE).mapToObj(Integer::toString).toList();
    return Rows.of(role, pixels, SHAPE, classes, names);
  }

  private static int[] chosen(Dataset rows, int first) {
    int[] classes = rows.classes();
    return IntStream.range(0, classes.length)
        .filter(row -> classes[row] >= first && classes[row] < first + PRIVATE)
        .toArray();
  }

  Split split() {
    return split;
  }

  /**
   * A network trained on the members, kept in the folder; its accuracy on the others is printed.
   *
   * @param normalised whether it has batch normalisation
   */
  InterpretedTarget target(int seed, boolean normalised, Path folder) throws IOException {
    Path file =
        folder.resolve("target-%s-%d.onnx".formatted(normalised ? "resnet" : "lenet", seed));
    if (!Files.exists(file)) {
      trained(Run.of(seed), normalised).write(file);
    }
    List<String> names = ((Column.Categorical) split.members().label().orElseThrow()).dictionary();
    OnnxTarget scored =
        OnnxTarget.open(OnnxModel.read(file), OnnxOptions.DEFAULTS.withClasses(names));
    int[] labels = scored.labels(split.nonMembers());
    int[] truth = split.nonMembers().classes();
    double right = IntStream.range(0, truth.length).filter(i -> labels[i] == truth[i]).count();
    System.err.printf("%s: accuracy %.2f%%%n", file.getFileName(), 100 * right / truth.length);
    return InterpretedTarget.of(scored);
  }

  private OnnxModel trained(Run run, boolean normalised) {
    Head head = new Head.Classes(PRIVATE);
    Architecture network =
        normalised ? Architectures.resnet(head, 8, 1) : Architectures.lenet(head);
    OnnxModel fresh = network.over(SHAPE, run);
    float[] pixels = ((Column.Array) split.members().inputs().get(0)).values();
    Examples examples =
        Examples.ofClasses(Architecture.INPUT, pixels, SHAPE, split.members().classes());
    Trainer.Settings settings = Trainer.Settings.of(normalised ? 2 : 6, 64);
    Loss loss = Loss.crossEntropy(fresh);
    return Trainer.train(fresh, examples, loss, Optimiser.Adam.of(1e-3), settings, run).model();
  }

  /** What the reconstructions started from, as if that were all that was found. */
  Reconstructions startOf(Reconstructions found) {
    return Reconstructions.of(
        found.shape(),
        found.start(),
        found.start(),
        found.classes(),
        found.classNames(),
        found.confidence(),
        new int[found.count()],
        List.of());
  }

  /** Draws a row of pictures for each class. */
  void draw(Reconstructions found, Path file) throws IOException {
    int most =
        Arrays.stream(found.subjects())
            .map(c -> (int) Arrays.stream(found.classes()).filter(own -> own == c).count())
            .max()
            .orElse(1);
    int side = SHAPE.extent(1);
    BufferedImage sheet =
        new BufferedImage(
            most * side, found.subjects().length * side, BufferedImage.TYPE_BYTE_GRAY);
    int[] drawn = new int[PRIVATE];
    for (int i = 0; i < found.count(); i++) {
      int subject = found.classes()[i];
      float[] picture = found.picture(i);
      for (int p = 0; p < picture.length; p++) {
        int grey = Math.round(255 * Math.max(0, Math.min(1, picture[p])));
        sheet
            .getRaster()
            .setSample(drawn[subject] * side + p % side, subject * side + p / side, 0, grey);
      }
      drawn[subject]++;
    }
    ImageIO.write(sheet, "png", file.toFile());
  }
}
