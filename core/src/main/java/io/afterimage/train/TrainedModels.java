package io.afterimage.train;

import static java.util.stream.Collectors.joining;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Trainer.Trained;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A folder of trained models, each found by the hash of all that made it: graph, data, recipe and
 * seed. They learned from people's data: only the owner may read the folder. A file that was cut
 * off or changed counts as absent.
 */
public final class TrainedModels {
  private final Path folder;
  private final AtomicInteger count = new AtomicInteger();

  /** The models in a folder, which is made where it is missing. */
  public TrainedModels(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new BadInputException("cannot keep models in %s: %s".formatted(folder, e), e);
    }
  }

  /**
   * The model that this training would give, with its epochs.
   *
   * @param graph with the weights that training drew anew
   * @param recipe all of a training's record but the epochs
   */
  Optional<Trained> find(OnnxModel graph, TrainingRecord recipe) {
    return read(key(recipe), graph.name(), TrainedModels::epoch)
        .map(kept -> new Trained(kept.model, recipe.with(kept.lines)));
  }

  /** The model that was kept under all that made it. */
  Optional<OnnxModel> find(String recipe, String name) {
    return read(recipe, name, line -> line).map(kept -> kept.model);
  }

  private record Kept<T>(OnnxModel model, List<T> lines) {}

  private <T> Optional<Kept<T>> read(String key, String name, Function<String, T> line) {
    Path model = file(key, ".onnx");
    Path epochs = file(key, ".epochs");
    if (!Files.exists(model) || !Files.exists(epochs)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(epochs, StandardCharsets.US_ASCII);
      OnnxModel found = OnnxModel.read(Files.readAllBytes(model), name);
      if (!lines.get(0).equals(found.sha256())) {
        return Optional.empty();
      }
      List<T> read = lines.stream().skip(1).map(line).toList();
      count.incrementAndGet();
      return Optional.of(new Kept<>(found, read));
    } catch (IOException | RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** Keeps a model. */
  void put(Trained trained) {
    put(
        key(trained.record()),
        trained.model(),
        trained.record().epochs().stream().map(TrainedModels::line).toList());
  }

  /** Keeps a model under all that made it. */
  void put(String recipe, OnnxModel model) {
    put(recipe, model, List.of());
  }

  private void put(String key, OnnxModel model, List<String> lines) {
    model.write(file(key, ".onnx"));
    String all = Stream.concat(Stream.of(model.sha256()), lines.stream()).collect(joining("\n"));
    OutputFile.write(file(key, ".epochs"), all + "\n");
    count.incrementAndGet();
  }

  /** How many models were found or kept since it was opened. */
  int count() {
    return count.get();
  }

  /** The epoch's figures, as many as it has. */
  private static String line(Standing.Epoch epoch) {
    return Stream.of(epoch.loss(), epoch.validationLoss(), epoch.validationAccuracy())
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .collect(joining(" "));
  }

  private static Standing.Epoch epoch(String line) {
    String[] figures = line.split(" ", -1);
    return new Standing.Epoch(
        Double.parseDouble(figures[0]),
        figures.length > 1 ? Double.valueOf(figures[1]) : null,
        figures.length > 2 ? Double.valueOf(figures[2]) : null);
  }

  private static String key(TrainingRecord record) {
    return record.with(List.of()).toString();
  }

  /** Where something of a recipe is kept. */
  Path file(String key, String suffix) {
    Sha256 hash = new Sha256();
    hash.add(key);
    return folder.resolve(hash.hex() + suffix);
  }
}
