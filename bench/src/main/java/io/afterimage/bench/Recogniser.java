package io.afterimage.bench;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
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
import io.afterimage.train.StackedAutoencoder;
import io.afterimage.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The three recognisers of faces that Fredrikson et al. 2015 attack. */
enum Recogniser {
  /** One softmax layer over the pixels. */
  SOFTMAX("softmax") {
    @Override
    Map<String, OnnxModel> trained(Faces faces, Dataset members, int[] classes, Run run) {
      return Map.of(MODEL, faces.model(members, classes, run));
    }
  },
  /** One hidden layer of 3000 sigmoids. */
  MLP("mlp") {
    @Override
    Map<String, OnnxModel> trained(Faces faces, Dataset members, int[] classes, Run run) {
      Column.Array pixels = (Column.Array) members.inputs().get(0);
      Shape row = pixels.shape();
      Head head = new Head.Classes(faces.people().size());
      OnnxModel fresh = Architectures.sigmoids(head, 3000).over(row, run);
      return Map.of(
          MODEL,
          Trainer.train(
                  fresh,
                  Examples.ofClasses(Architecture.INPUT, pixels.values(), row, classes),
                  Loss.crossEntropy(fresh),
                  Optimiser.Adam.of(RATE),
                  Trainer.Settings.of(EPOCHS, BATCH).until(LEARNED),
                  run)
              .model());
    }
  },
  /** A softmax layer on the codes of a stacked denoising autoencoder of 1000 and 300 sigmoids. */
  AUTOENCODER("autoencoder") {
    @Override
    Map<String, OnnxModel> trained(Faces faces, Dataset members, int[] classes, Run run) {
      Column.Array pixels = (Column.Array) members.inputs().get(0);
      StackedAutoencoder learned =
          StackedAutoencoder.train(
              pixels.values(),
              pixels.shape(),
              classes,
              faces.people().size(),
              new StackedAutoencoder.Settings(
                  List.of(1000, 300),
                  0.2,
                  Trainer.Settings.of(150, BATCH / 2),
                  Trainer.Settings.of(EPOCHS, BATCH).until(LEARNED),
                  RATE),
              run);
      return Map.of(MODEL, learned.classifier(), DECODER, learned.decoder());
    }
  };

  private static final String MODEL = "target";
  private static final String DECODER = "decoder";
  private static final int EPOCHS = 300;
  private static final int BATCH = 40;
  // Thousands of bright pixels add up: a faster rate drives every sigmoid into its flat end.
  private static final double RATE = 1e-4;
  private static final double LEARNED = 0.02;

  private final String word;

  Recogniser(String word) {
    this.word = word;
  }

  /** Its name in files and tables. */
  String word() {
    return word;
  }

  /** Those of these names; all where there are none. */
  static List<Recogniser> named(List<String> words) {
    return words.isEmpty() ? List.of(values()) : words.stream().map(Recogniser::named).toList();
  }

  private static Recogniser named(String word) {
    return Arrays.stream(values())
        .filter(recogniser -> recogniser.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new BadInputException("there is no recogniser " + word));
  }

  /** Its graphs by name: the classifier, and the decoder of its codes where it has some. */
  abstract Map<String, OnnxModel> trained(Faces faces, Dataset members, int[] classes, Run run);

  /**
   * A recogniser as its owner holds it.
   *
   * @param decoder of its codes
   */
  record Opened(InterpretedTarget target, Optional<Path> decoder) implements AutoCloseable {
    @Override
    public void close() {
      target.close();
    }
  }

  /**
   * The recogniser of these photos, kept in the folder.
   *
   * @param permuted whether the people's names are shuffled over the photos
   */
  Opened opened(Faces faces, Dataset members, boolean permuted, Path folder, Run run) {
    String end = "-%s%s-%d.onnx".formatted(word, permuted ? "-permuted" : "", run.seed());
    Path model = folder.resolve(MODEL + end);
    if (!Files.exists(model)) {
      int[] classes = permuted ? Faces.permuted(members, run) : members.classes();
      Map<String, OnnxModel> learned = trained(faces, members, classes, run);
      Optional.ofNullable(learned.get(DECODER))
          .ifPresent(d -> d.write(folder.resolve(DECODER + end)));
      Objects.requireNonNull(learned.get(MODEL), MODEL).write(model);
    }
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(faces.people()).withSample(members);
    Path decoder = folder.resolve(DECODER + end);
    return new Opened(
        InterpretedTarget.of(OnnxTarget.open(OnnxModel.read(model), options)),
        Files.exists(decoder) ? Optional.of(decoder) : Optional.empty());
  }
}
