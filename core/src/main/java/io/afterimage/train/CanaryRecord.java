package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code canaries.json} holds beside a trained model: which canaries there were, how the coin
 * of each fell, and where to look for it. It holds nobody's values, but says who was trained on:
 * only its owner may read it.
 *
 * @param schema of this file
 * @param model SHA-256 of the model that was trained
 * @param source the file whose rows the canaries are; null where they are gradients
 * @param rows canaries that are rows of that file
 * @param gradients canaries that are gradients
 */
public record CanaryRecord(
    String schema,
    String model,
    @Nullable Source source,
    List<Row> rows,
    List<Gradient> gradients) {
  /** The version of this form. */
  public static final String SCHEMA = "afterimage/canaries/1";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String FILE = "canaries.json";
  private static final long MOST_BYTES = 1L << 29;

  /** A file, by where it lay and what it held. */
  public record Source(String file, String sha256) {}

  /**
   * A canary that is a row.
   *
   * @param included whether it was trained on
   * @param row its number in the file, from 0
   * @param label that it was trained under in place of its own; null for its own
   */
  public record Row(String id, boolean included, int row, @Nullable String label) {}

  /**
   * A canary that is a gradient.
   *
   * @param included whether it was trained on
   * @param parameter the name of the parameter
   * @param index of the number in it that the gradient points along
   * @param start that number before training
   */
  public record Gradient(String id, boolean included, String parameter, int index, double start) {}

  public CanaryRecord {
    rows = List.copyOf(Objects.requireNonNullElse(rows, List.of()));
    gradients = List.copyOf(Objects.requireNonNullElse(gradients, List.of()));
    check(
        rows.isEmpty() != gradients.isEmpty() && rows.isEmpty() == (source == null),
        "it names neither rows of a file nor gradients");
    rows.forEach(row -> check(row.row() >= 0, "canary %s is in no row", row.id()));
    gradients.forEach(g -> check(g.index() >= 0, "canary %s has no coordinate", g.id()));
  }

  /**
   * How far training went down along each gradient: an example's part in training is to go down its
   * gradient.
   *
   * @throws BadInputException where the model lacks one of the parameters
   */
  public double[] descents(OnnxModel trained) {
    Map<String, double[]> numbers = Trainee.values(trained);
    return gradients.stream()
        .mapToDouble(
            g -> {
              double[] end = numbers.get(g.parameter());
              check(
                  end != null && g.index() < end.length,
                  "--canaries: %s has no number %d in a parameter %s; train with --canaries again",
                  trained.name(),
                  g.index(),
                  g.parameter());
              return g.start() - Objects.requireNonNull(end)[g.index()];
            })
        .toArray();
  }

  /** Writes it into a training's folder. */
  void write(Path folder) {
    OutputFile.writeConfidential(
        folder.resolve(FILE), MAPPER.writeValueAsString(this) + System.lineSeparator());
  }

  /**
   * Reads it.
   *
   * @param place the file, or the folder of the training
   * @throws BadInputException where there is none, or none that can be used
   */
  public static CanaryRecord read(Path place) {
    Path file = file(place);
    try {
      check(Files.size(file) <= MOST_BYTES, "--canaries: %s is too long", file);
      JsonNode tree = MAPPER.readTree(file);
      if (!tree.path("schema").asString("").equals(SCHEMA)) {
        throw unusable(file, "its schema is not " + SCHEMA, null);
      }
      return MAPPER.treeToValue(tree, CanaryRecord.class);
    } catch (JacksonException e) {
      throw unusable(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BadInputException(
          "--canaries: cannot read %s: %s".formatted(file, OutputFile.reason(e)), e);
    }
  }

  /**
   * Where the record is.
   *
   * @param place the file, or the folder of the training
   * @throws BadInputException where there is none
   */
  public static Path file(Path place) {
    Path file = Files.isDirectory(place) ? place.resolve(FILE) : place;
    check(
        Files.isRegularFile(file),
        "--canaries: there is no %s; give the folder of a finished training that was begun with train --canaries",
        file);
    return file;
  }

  private static BadInputException unusable(Path file, String fault, @Nullable Exception cause) {
    String message =
        "--canaries: %s cannot be used: %s; train with --canaries again"
            .formatted(file, fault.lines().findFirst().orElse("it is damaged"));
    return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
  }
}
