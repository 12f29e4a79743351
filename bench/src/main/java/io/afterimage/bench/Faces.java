package io.afterimage.bench;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Split;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The ORL database of faces, 40 people with 10 photos of 112 x 92 each, and the recogniser of
 * Fredrikson et al. 2015: one softmax layer over the pixels.
 */
public final class Faces {
  private static final int PHOTOS = 10;
  // The photos are called 1 to 10 and are read as 1, 10, 2, …
  private static final int[] NAMES_AS_BYTES = {0, 9, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final int EPOCHS = 300;

  private final Dataset photos;

  private Faces(Dataset photos) {
    this.photos = photos;
  }

  /** The photos in a folder with one sub-folder a person. */
  public static Faces read(Path folder) {
    return new Faces(DataReader.read(Map.of("faces", folder), ReadOptions.defaults()).get("faces"));
  }

  /** Each person's photos from one number (included) to another (excluded), of 0 to 10. */
  public Dataset photos(int from, int to) {
    int[] seen = new int[people().size()];
    int[] classes = photos.classes();
    return photos.select(
        IntStream.range(0, photos.rows())
            .filter(
                row -> {
                  int number = NAMES_AS_BYTES[seen[classes[row]]++];
                  return number >= from && number < to;
                })
            .toArray());
  }

  public List<String> people() {
    return ((Column.Categorical) photos.label().orElseThrow()).dictionary();
  }

  /** The first so many photos of each person for the target, the others as non-members. */
  public Split withNonMembers(int members) {
    return Split.of(photos(0, members), photos(members, PHOTOS));
  }

  /** The first so many photos of each person for the target, the others for the judge alone. */
  public Split withEvaluation(int members) {
    return new Split(
        photos(0, members), photos(0, 0), Optional.empty(), Optional.of(photos(members, PHOTOS)));
  }

  /** A recogniser of these photos, as a white box. */
  public InterpretedTarget recogniser(Dataset members, Run run) {
    return recogniser(members, members.classes(), run);
  }

  /** A recogniser of the same photos with the people's names shuffled over them. */
  public InterpretedTarget recogniserOfPermutedNames(Dataset members, Run run) {
    return recogniser(members, permuted(members, run), run);
  }

  /** The photos' names, shuffled. */
  static int[] permuted(Dataset members, Run run) {
    int[] own = members.classes();
    return Arrays.stream(run.shuffled("permuted-names", own.length)).map(row -> own[row]).toArray();
  }

  private InterpretedTarget recogniser(Dataset members, int[] classes, Run run) {
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(people()).withSample(members);
    return InterpretedTarget.of(OnnxTarget.open(model(members, classes, run), options));
  }

  /** A recogniser of these photos, as a model. */
  OnnxModel model(Dataset members, int[] classes, Run run) {
    Column.Array pixels = (Column.Array) members.inputs().get(0);
    OnnxModel fresh = fromZero(Architectures.softmax(people().size()).over(pixels.shape(), run));
    Examples examples =
        Examples.ofClasses(Architecture.INPUT, pixels.values(), pixels.shape(), classes);
    return Trainer.train(
            fresh,
            examples,
            Loss.crossEntropy(fresh),
            Optimiser.Adam.of(1e-3),
            Trainer.Settings.of(EPOCHS, members.rows()),
            run)
        .model();
  }

  /**
   * Weights of 0: the loss has no hill to lose one's way on, and drawn weights would stay where no
   * photo reaches them, as noise in every picture rebuilt.
   */
  private static OnnxModel fromZero(OnnxModel drawn) {
    Map<String, float[]> zeros = new TreeMap<>();
    try (Interpreter interpreter = Interpreter.of(drawn)) {
      interpreter
          .parameters()
          .forEach((name, tensor) -> zeros.put(name, new float[Math.toIntExact(tensor.count())]));
    }
    return drawn.withParameters(zeros);
  }

  /** The share of rows that the target gives their own class. */
  public static double accuracy(LabelTarget target, Dataset rows) {
    int[] told = target.labels(rows);
    int[] truth = rows.classes();
    return IntStream.range(0, truth.length).filter(i -> told[i] == truth[i]).count()
        / (double) truth.length;
  }

  /** The mean of a list of answers. */
  static double mean(double[] answers) {
    return Arrays.stream(answers).average().orElseThrow();
  }
}
