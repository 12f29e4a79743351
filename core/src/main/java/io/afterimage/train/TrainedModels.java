package io.afterimage.train;

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
import java.util.stream.Collectors;
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
    Path model = file(recipe, ".onnx");
    Path epochs = file(recipe, ".epochs");
    if (!Files.exists(model) || !Files.exists(epochs)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(epochs, StandardCharsets.US_ASCII);
      OnnxModel found = OnnxModel.read(Files.readAllBytes(model), graph.name());
      if (!lines.get(0).equals(found.sha256())) {
        return Optional.empty();
      }
      List<Standing.Epoch> read = lines.stream().skip(1).map(TrainedModels::epoch).toList();
      count.incrementAndGet();
      return Optional.of(new Trained(found, recipe.with(read)));
    } catch (IOException | RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** Keeps a model. */
  void put(Trained trained) {
    trained.model().write(file(trained.record(), ".onnx"));
    String epochs =
        trained.record().epochs().stream()
            .map(TrainedModels::line)
            .collect(Collectors.joining("\n"));
    OutputFile.write(
        file(trained.record(), ".epochs"), trained.model().sha256() + "\n" + epochs + "\n");
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
        .collect(Collectors.joining(" "));
  }

  private static Standing.Epoch epoch(String line) {
    String[] figures = line.split(" ", -1);
    return new Standing.Epoch(
        Double.parseDouble(figures[0]),
        figures.length > 1 ? Double.valueOf(figures[1]) : null,
        figures.length > 2 ? Double.valueOf(figures[2]) : null);
  }

  private Path file(TrainingRecord record, String suffix) {
    Sha256 key = new Sha256();
    key.add(record.with(List.of()).toString());
    return folder.resolve(key.hex() + suffix);
  }
}
