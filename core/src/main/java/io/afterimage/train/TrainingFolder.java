package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.OutputFile;
import io.afterimage.base.RunRecord;
import io.afterimage.data.Sources;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of a training: {@code training.json} from its start on, {@code checkpoint.npz} while
 * it is under way, {@code model.onnx} in the end.
 */
final class TrainingFolder {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String RECORD = "training.json";
  private static final String CHECKPOINT = "checkpoint.npz";
  private static final long MOST_BYTES = 1L << 26;

  private final Path folder;
  private final Optional<TrainingReport> begun;

  private TrainingFolder(Path folder, Optional<TrainingReport> begun) {
    this.folder = folder;
    this.begun = begun;
  }

  /**
   * Makes the folder, or opens one that holds a training to go on with.
   *
   * @throws BadInputException where it holds something else
   */
  static TrainingFolder open(Path folder, boolean resume) {
    Path record = folder.resolve(RECORD);
    if (resume) {
      return new TrainingFolder(folder, Optional.of(read(record)));
    }
    makeEmpty(folder);
    return new TrainingFolder(folder, Optional.empty());
  }

  /** Makes a folder for a new training; a BadInputException where it holds anything. */
  static void makeEmpty(Path folder) {
    if (Files.exists(folder.resolve(RECORD))) {
      throw new BadInputException(
          "%s holds a training already; give another folder with --out, or continue it with --resume"
              .formatted(folder));
    }
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new BadInputException(
              "%s holds something else; give a new folder with --out".formatted(folder));
        }
      }
    } catch (IOException e) {
      throw OutputFile.refused(folder, e);
    }
  }

  /** A BadInputException where the folder holds a training that is done. */
  static void requireUnfinished(Path folder) {
    if (Files.exists(folder.resolve(RECORD))) {
      throw done(folder);
    }
  }

  private static BadInputException done(Path folder) {
    return new BadInputException(
        "--resume: the training in %s is done; give another folder with --out".formatted(folder));
  }

  private static TrainingReport read(Path record) {
    try {
      if (!Files.isRegularFile(record) || Files.size(record) > MOST_BYTES) {
        throw new BadInputException(
            "--resume: there is no training in %s; start it without --resume"
                .formatted(record.getParent()));
      }
      return MAPPER.readValue(record, TrainingReport.class);
    } catch (JacksonException | IOException e) {
      throw new BadInputException(
          "%s cannot be read; start again in another --out".formatted(record), e);
    }
  }

  /** The training that is gone on with. */
  TrainingReport begun() {
    return begun.orElseThrow();
  }

  Checkpoint checkpoint() {
    return new Checkpoint(folder.resolve(CHECKPOINT), "start again in another --out");
  }

  /** The user stopped the training: what of it is kept, and how it goes on. */
  CancelledException stopped() {
    if (checkpoint().exists()) {
      return new CancelledException(
          "stopped; what was trained is saved, and --resume continues it");
    }
    return new CancelledException(
        Files.exists(folder.resolve(RECORD))
            ? "stopped before anything was saved; --resume starts again from the first epoch"
            : "stopped before the training began; nothing is saved");
  }

  /** Says what is begun, or checks that what goes on is what was begun. */
  void begin(TrainingReport now) {
    begun.ifPresent(before -> requireSame(before, now));
    write(now);
  }

  /** Writes the result; what only going on needs goes. */
  void end(OnnxModel model, TrainingReport report) {
    model.write(folder.resolve("model.onnx"));
    write(report);
    checkpoint().delete();
  }

  private void write(TrainingReport report) {
    writeRecord(folder, json(report));
  }

  /** Writes how it was trained. */
  static void writeRecord(Path folder, String json) {
    OutputFile.write(folder.resolve(RECORD), json + System.lineSeparator());
  }

  /** A report as JSON. */
  static String json(Record report) {
    return MAPPER.writeValueAsString(report);
  }

  /**
   * Everything that was chosen and changes the result.
   *
   * @param recipe with what the specification left to its defaults
   */
  static ObjectNode settings(TrainingSpec spec, Recipe recipe) {
    ObjectNode settings = MAPPER.createObjectNode();
    ObjectNode network = MAPPER.valueToTree(spec.network());
    network.remove("file"); // its hash counts, not where it lies
    settings.set("network", network);
    settings.set("recipe", MAPPER.valueToTree(recipe));
    settings.put("optimiser", recipe.optimiser().getClass().getSimpleName());
    spec.canaries().ifPresent(canaries -> settings.set("canaries", canaries(canaries)));
    return settings;
  }

  private static ObjectNode canaries(CanarySpec spec) {
    ObjectNode canaries = MAPPER.valueToTree(spec);
    if (spec instanceof CanarySpec.Own own) {
      canaries.put("file", Sources.sha256(own.file()));
    }
    return canaries.put("kind", spec.getClass().getSimpleName());
  }

  private void requireSame(TrainingReport before, TrainingReport now) {
    if (before.status().equals("done")) {
      throw done(folder);
    }
    difference("", decisive(before), decisive(now))
        .ifPresent(
            found -> {
              throw new BadInputException(
                  "--resume: the training in %s was begun otherwise: %s (by '%s'); give the same, or start again in another --out"
                      .formatted(folder, found, RunRecord.line(before.command())));
            });
  }

  /** What must be the same for a training to be gone on with, named as the record names it. */
  private static ObjectNode decisive(TrainingReport report) {
    ObjectNode all = MAPPER.createObjectNode();
    all.put("seed", report.seed()).put("threads", report.threads());
    all.set("settings", report.settings());
    // What is learned of a file depends on the other files too: they say better what differs.
    ObjectNode files = all.putObject("data");
    ObjectNode learned = all.putObject("learned");
    new TreeMap<>(report.data())
        .forEach(
            (role, data) -> {
              files.putObject(role).put("rows", data.rows()).put("sha256", data.sha256());
              learned.put(role, data.learned());
            });
    all.set("start", MAPPER.valueToTree(report.start()));
    all.set("versions", MAPPER.valueToTree(report.versions()));
    return all;
  }

  /** The first that differs, with both its values. */
  private static Optional<String> difference(String name, JsonNode before, JsonNode now) {
    if (before.isObject() && now.isObject()) {
      String prefix = name.isEmpty() ? "" : name + ".";
      return Stream.concat(before.propertyNames().stream(), now.propertyNames().stream())
          .flatMap(key -> difference(prefix + key, before.path(key), now.path(key)).stream())
          .findFirst();
    }
    return before.equals(now)
        ? Optional.empty()
        : Optional.of("%s was %s, not %s".formatted(name, told(before), told(now)));
  }

  private static String told(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? "absent" : value.toString();
  }
}
