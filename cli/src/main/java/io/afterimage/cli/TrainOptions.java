package io.afterimage.cli;

import io.afterimage.base.Checks;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.train.Augmentation;
import io.afterimage.train.Blueprint;
import io.afterimage.train.Network;
import io.afterimage.train.Objective;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Pace;
import io.afterimage.train.Recipe;
import io.afterimage.train.TrainingSpec;
import io.afterimage.train.TrainingSpec.Saving;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is trained, on what, and how. */
final class TrainOptions {
  /** Optimisers by name. */
  enum Method {
    SGD,
    ADAM,
    ADAMW
  }

  @Option(names = "--model", paramLabel = "FILE", description = "The ONNX file to train.")
  @Nullable Path model;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "Instead of --model: logistic, mlp, lenet, resnet, autoencoder, gru, transformer or"
              + " matrix-factorisation.")
  @Nullable String architecture;

  @Option(
      names = "--from-weights",
      description = "Go on from the model's weights. Default: fresh ones.")
  boolean fromWeights;

  @Option(
      names = "--train",
      paramLabel = "PATTERN",
      split = ",",
      description =
          "Parameters to train besides the usual ones; * stands for any text. Wins over --freeze.")
  List<String> train = List.of();

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      split = ",",
      description = "Parameters to leave as they are.")
  List<String> freeze = List.of();

  @Option(
      names = "--hidden",
      paramLabel = "N",
      split = ",",
      description = "Widths of an mlp's or autoencoder's layers. Default: 128; 128,32.")
  List<Integer> hidden = List.of();

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Channels of a resnet's first stage, a gru's state, a transformer's step: 64.")
  int width;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Layers of a gru (1) or transformer (2), blocks in a resnet's stage (2).")
  int layers;

  @Option(names = "--heads", paramLabel = "N", description = "Of a transformer's attention: 4.")
  int heads;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Says that rows of a gru or transformer are numbers of so many tokens.")
  int vocabulary;

  @Option(
      names = "--factors",
      paramLabel = "N",
      description = "Numbers of a vector in matrix factorisation: 32.")
  int factors;

  @Option(names = "--user", paramLabel = "COL", description = "The column that names users.")
  @Nullable String user;

  @Option(names = "--item", paramLabel = "COL", description = "The column that names items.")
  @Nullable String item;

  @Mixin DataOptions data = new DataOptions();

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "cross-entropy, squared-error, absolute-error, huber, binary-cross-entropy,"
              + " reconstruction or ranking. Default: what the labels call for.")
  @Nullable String loss;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description = "Share of each label that is spread over all classes.")
  double labelSmoothing;

  @Option(
      names = "--huber-delta",
      paramLabel = "X",
      defaultValue = "1",
      description = "Difference from which the Huber loss is linear. Default: ${DEFAULT-VALUE}.")
  double huberDelta = 1;

  @Option(
      names = "--optimiser",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "sgd, adam or adamw. Default: ${DEFAULT-VALUE}.")
  String optimiser = "adam";

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Default: 0.001; 0.01 for sgd.")
  @Nullable Double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "0.9",
      description = "Of sgd. Default: ${DEFAULT-VALUE}.")
  double momentum = 0.9;

  @Option(names = "--nesterov", description = "Let sgd look ahead.")
  boolean nesterov;

  @Option(names = "--weight-decay", paramLabel = "X", description = "Default: 0; 0.01 for adamw.")
  @Nullable Double weightDecay;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "constant",
      description = "Of the learning rate: constant, step or cosine. Default: ${DEFAULT-VALUE}.")
  String schedule = "constant";

  @Option(
      names = "--decay-every",
      paramLabel = "N",
      defaultValue = "30",
      description = "Epochs after which 'step' lowers the rate. Default: ${DEFAULT-VALUE}.")
  int decayEvery = 30;

  @Option(
      names = "--decay-factor",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "By which it does. Default: ${DEFAULT-VALUE}.")
  double decayFactor = 0.1;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Steps in which the rate rises to its full height.")
  int warmUp;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the members. Default: ${DEFAULT-VALUE}.")
  int epochs = 10;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Rows a step. Default: 64, or all if there are fewer.")
  @Nullable Integer batchSize;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Epochs without a lower loss (on the non-members, if given) after which training ends and"
              + " the best weights are taken.")
  int patience;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "The greatest norm of a step's gradients. Default: any.")
  double clipNorm;

  @Option(
      names = "--batch-norm",
      paramLabel = "none|after-conv",
      defaultValue = "none",
      description =
          "Put back the batch normalisation that exporters fold. Default: ${DEFAULT-VALUE}.")
  String batchNorm = "none";

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Put dropout before each dense layer but the first.")
  double dropout;

  @Option(
      names = "--shift",
      paramLabel = "N",
      description = "Pixels by which pictures move at random each epoch.")
  int shift;

  @Option(names = "--flip", description = "Mirror half of the pictures each epoch.")
  boolean flip;

  @Option(
      names = "--noise",
      paramLabel = "X",
      description = "Deviation of the noise on inputs: a denoising autoencoder's, for one.")
  double noise;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "TIME",
      description = "How often the state is saved, of one model. Default: 1m.")
  @Nullable String checkpointEvery;

  @Option(
      names = "--checkpoint-epochs",
      paramLabel = "N",
      description = "Save it after so many epochs as well.")
  @Nullable Integer checkpointEpochs;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "afterimage-training",
      description = "The folder of the result. Default: ${DEFAULT-VALUE}.")
  Path out = Path.of("afterimage-training");

  @Option(names = "--resume", description = "Go on from what the folder already holds.")
  boolean resume;

  /** The training that these options say. */
  TrainingSpec spec(List<String> command) {
    List<String> columns = columns();
    // Users and items are names, whatever they are written with.
    data.categorical =
        Stream.concat(data.categorical.stream(), columns.stream()).distinct().toList();
    return new TrainingSpec(
        network(columns),
        data.roles(),
        data.reading(),
        Optional.ofNullable(data.layout),
        recipe(),
        saving(),
        out,
        resume,
        command);
  }

  private Optional<Saving> saving() {
    Saving usual = Saving.USUAL;
    return checkpointEvery == null && checkpointEpochs == null
        ? Optional.empty()
        : Optional.of(
            new Saving(
                checkpointEvery == null
                    ? usual.every()
                    : AuditOptions.duration("--checkpoint-every", checkpointEvery),
                checkpointEpochs == null ? usual.epochs() : checkpointEpochs));
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>();
    Optional.ofNullable(user).ifPresent(columns::add);
    Optional.ofNullable(item).ifPresent(columns::add);
    return columns;
  }

  private Network network(List<String> columns) {
    Checks.check(
        (model == null) != (architecture == null),
        "give either --model FILE.onnx or --architecture NAME");
    if (model != null) {
      return new Network.OfModel(model, fromWeights, train, freeze);
    }
    Checks.check(
        !fromWeights && train.isEmpty() && freeze.isEmpty(),
        "--from-weights, --train and --freeze are for --model");
    return new Network.OfBlueprint(
        AuditOptions.choice("--architecture", Blueprint.class, String.valueOf(architecture)),
        new Blueprint.Sizes(hidden, width, layers, heads, vocabulary, factors, false),
        columns);
  }

  private Recipe recipe() {
    return new Recipe(
        Optional.ofNullable(loss).map(name -> AuditOptions.choice("--loss", Objective.class, name)),
        labelSmoothing,
        huberDelta,
        optimiser(),
        new Pace(
            AuditOptions.choice("--schedule", Pace.Curve.class, schedule),
            decayEvery,
            decayFactor,
            warmUp),
        epochs,
        Optional.ofNullable(batchSize),
        patience,
        clipNorm,
        AuditOptions.choice("--batch-norm", BatchNorm.class, batchNorm),
        dropout,
        new Augmentation(shift, flip),
        noise);
  }

  private Optimiser optimiser() {
    Method method = AuditOptions.choice("--optimiser", Method.class, optimiser);
    double decay = weightDecay == null ? (method == Method.ADAMW ? 0.01 : 0) : weightDecay;
    double rate = learningRate == null ? (method == Method.SGD ? 0.01 : 0.001) : learningRate;
    return switch (method) {
      case SGD -> new Optimiser.Sgd(rate, momentum, nesterov, decay);
      case ADAM -> new Optimiser.Adam(rate, 0.9, 0.999, 1e-8, decay);
      case ADAMW -> Optimiser.AdamW.of(rate, decay);
    };
  }
}
