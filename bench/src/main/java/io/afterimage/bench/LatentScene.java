package io.afterimage.bench;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Outputs;
import io.afterimage.graph.Parameter;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architectures;
import io.afterimage.train.Critics;
import io.afterimage.train.Generators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What {@link LatentSpeed} works on: a LeNet-5 of fresh weights over random pictures, and a prior
 * of the usual size that learned from others for one epoch.
 *
 * @param target whose classes share the generator's pictures among them
 * @param generator that the attacks find in the run's folder
 * @param critic of it
 */
record LatentScene(Split split, OnnxModel target, OnnxModel generator, OnnxModel critic, Run run) {
  static final int CLASSES = 5;
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static final int ROWS = 20;
  private static final int PUBLIC = 128;
  private static final int DRAWN = 1000;

  /** A scene whose prior is kept in this folder. */
  static LatentScene of(Path folder) throws IOException {
    Run run = Run.of(0).sharing(folder);
    Split split =
        new Split(
            pictures("members", ROWS, run),
            pictures("nonmembers", ROWS, run),
            Optional.of(pictures("population", PUBLIC, run)),
            Optional.empty());
    OnnxModel fresh = Architectures.lenet(CLASSES).over(SHAPE, run);
    try (InterpretedTarget target = InterpretedTarget.of(opened(fresh, 1))) {
      attack("gmi", Map.of("steps", "1"), target, split, run);
    }
    OnnxModel generator = kept(folder, Generators.PICTURES);
    OnnxModel critic = kept(folder, Critics.SCORE);
    return new LatentScene(split, centred(fresh, generator, run), generator, critic, run);
  }

  /** Random numbers from 0 to 1, both among them, as pictures have them. */
  private static Dataset pictures(String role, int rows, Run run) {
    RandomGenerator random = run.random(role);
    float[] cells = new float[rows * SHAPE.size()];
    for (int i = 1; i < cells.length; i++) {
      cells[i] = random.nextFloat();
    }
    cells[cells.length - 1] = 1;
    int[] classes = IntStream.range(0, rows).map(row -> row % CLASSES).toArray();
    return Rows.of(role, cells, SHAPE, classes, names());
  }

  private static List<String> names() {
    return IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
  }

  /** The model in a folder that has this output. */
  private static OnnxModel kept(Path folder, String output) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".onnx"))
          .map(OnnxModel::read)
          .filter(model -> model.outputs().get(0).name().equals(output))
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * The network with the bias that makes its logits 0 in the mean over the generator's pictures:
   * fresh weights name one class alone, and brep-mi would have nothing to walk away from.
   */
  @SuppressWarnings("try") // scope and guard are there to close
  private static OnnxModel centred(OnnxModel fresh, OnnxModel generator, Run run) {
    String output = fresh.outputs().get(0).name();
    String logits = Outputs.finalScores(fresh, output).map(FinalScores::value).orElseThrow();
    List<String> trained =
        fresh.parameters().stream().filter(Parameter::trainable).map(Parameter::name).toList();
    try (Interpreter making = Interpreter.of(generator);
        Interpreter answering = Interpreter.of(fresh);
        TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      int latent = Math.toIntExact(generator.inputs().get(0).dimensions().get(1).extent());
      Tensor z = Tensors.of(vectors("centre", DRAWN, latent, run), DRAWN, latent);
      Tensor pictures = making.run(z, Generators.PICTURES);
      float[] bias = answering.run(pictures, logits).mean(false, 0).neg().toFloats();
      return fresh.withParameters(Map.of(trained.get(trained.size() - 1), bias));
    }
  }

  private static float[] vectors(String key, int count, int latent, Run run) {
    RandomGenerator random = run.random(key);
    float[] numbers = new float[count * latent];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** How many numbers a latent vector has. */
  int latent() {
    return Math.toIntExact(generator.inputs().get(0).dimensions().get(1).extent());
  }

  /** So many latent vectors, one after the other. */
  float[] vectors(int count) {
    return vectors("vectors", count, latent(), run);
  }

  /** The latent vectors that attacks draw by these names, one after the other. */
  float[] drawn(Stream<String> names) {
    float[][] rows = names.map(name -> vectors(name, 1, latent(), run)).toArray(float[][]::new);
    float[] all = new float[rows.length * latent()];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * latent(), latent());
    }
    return all;
  }

  /** The target, whose scoring may use so many threads. */
  OnnxTarget opened(int threads) {
    return opened(target, threads);
  }

  private static OnnxTarget opened(OnnxModel model, int threads) {
    return OnnxTarget.open(model, OnnxOptions.DEFAULTS.withThreads(threads).withClasses(names()));
  }

  /** What an attack finds with the prior. */
  Reconstructions attack(String id, Map<String, String> settings, LabelTarget asked) {
    return attack(id, settings, asked, split, run);
  }

  private static Reconstructions attack(
      String id, Map<String, String> settings, LabelTarget asked, Split split, Run run) {
    Attack<?, ?, ?> attack = Attacks.named(id);
    Map<String, String> all = new HashMap<>(settings);
    all.put("prior-kind", "wgan-gp");
    all.put("prior-epochs", "1");
    Record form = SettingsForm.of(attack.defaults()).with(all);
    return (Reconstructions) Attacks.run(attack, asked, split, form, run);
  }
}
