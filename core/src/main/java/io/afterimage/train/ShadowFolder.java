package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.OutputFile;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of many models, and the cache of those that are done while others are not. */
final class ShadowFolder {
  private static final Path MODELS = Path.of("models");
  private static final Path OWN_CACHE = Path.of("cache");

  private final Path folder;
  private final Optional<Path> givenCache;
  private final TrainedModels cache;

  private ShadowFolder(Path folder, Optional<Path> givenCache) {
    this.folder = folder;
    this.givenCache = givenCache;
    this.cache = new TrainedModels(givenCache.orElse(folder.resolve(OWN_CACHE)));
  }

  /** Makes the folder; it may hold something only where a training in it is gone on with. */
  static ShadowFolder open(ShadowSpec spec) {
    Path folder = spec.training().out();
    if (spec.training().resume()) {
      check(
          Files.isDirectory(folder.resolve(MODELS)),
          "--resume: there is no training of --models in %s; start it without --resume",
          folder);
      TrainingFolder.requireUnfinished(folder);
    } else {
      TrainingFolder.makeEmpty(folder);
    }
    try {
      Files.createDirectories(folder.resolve(MODELS));
    } catch (IOException e) {
      throw OutputFile.refused(folder, e);
    }
    return new ShadowFolder(folder, spec.cache());
  }

  /** Where models are looked for, and kept. */
  TrainedModels cache() {
    return cache;
  }

  /** Writes a model; its place in the folder. */
  Path write(String name, OnnxModel model) {
    Path file = MODELS.resolve(name + ".onnx");
    model.write(folder.resolve(file));
    return file;
  }

  /** Writes what is known of all; the folder's own cache goes. */
  void end(OutputFile.Body membership, ShadowReport report) {
    OutputFile.write(folder.resolve("membership.csv"), membership);
    TrainingFolder.writeRecord(folder, TrainingFolder.json(report));
    if (givenCache.isEmpty()) {
      delete(folder.resolve(OWN_CACHE));
    }
  }

  private static void delete(Path cache) {
    try (Stream<Path> files = Files.walk(cache)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw OutputFile.refused(cache, e);
    }
  }
}
