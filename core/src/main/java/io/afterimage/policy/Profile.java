package io.afterimage.policy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.base.SafeYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The thresholds under which a model is released, each with who set it and why.
 *
 * @param profile its name
 * @param title what kind of release it is for
 * @param references reference models that a membership attack must use before membership can pass
 * @param withoutReferences what any model gets at best while no membership attack used so many
 * @param expiryMonths after how long the audit must be repeated
 * @param conditions what every release with conditions is bound to
 * @param gates thresholds by gate id; a gate that is missing is not judged, and the verdict says so
 */
public record Profile(
    String profile,
    String title,
    int references,
    WithoutReferences withoutReferences,
    int expiryMonths,
    List<String> conditions,
    Map<String, Bounds> gates) {

  /** Names of the profiles that come with the tool. */
  public static final List<String> BUNDLED =
      List.of("api", "open-weights", "medical", "research-environment");

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public Profile {
    conditions = List.copyOf(conditions);
    gates = Collections.unmodifiableMap(new LinkedHashMap<>(gates));
    gates.forEach(Profile::check);
  }

  /** What any model gets at best while no membership attack used the reference models asked for. */
  public enum WithoutReferences {
    CONDITION,
    INSUFFICIENT
  }

  /**
   * The thresholds of one gate.
   *
   * @param acceptable A: an upper end at or below it passes
   * @param intolerable B: an upper end at or below it is a condition
   * @param required whether data that cannot resolve it is insufficient evidence
   * @param leastPeople people without whom it is not judged; 0 for any number
   * @param owner who set the threshold
   * @param reason why it is set so
   * @param condition what release is bound to where the gate gives a condition
   */
  public record Bounds(
      double acceptable,
      double intolerable,
      boolean required,
      int leastPeople,
      String owner,
      String reason,
      String condition) {}

  private static void check(String id, Bounds bounds) {
    Gate gate = Gate.of(id).orElseThrow(() -> new BadInputException("gates/" + id + " is no gate"));
    Checks.inRange("gates/" + id + "/acceptable", bounds.acceptable, 0, 1e6);
    Checks.inRange("gates/" + id + "/intolerable", bounds.intolerable, 0, 1e6);
    boolean ordered =
        gate.atLeast()
            ? bounds.acceptable >= bounds.intolerable
            : bounds.acceptable <= bounds.intolerable;
    Checks.check(
        ordered,
        "gates/%s: acceptable %s lies beyond intolerable %s; exchange them",
        id,
        bounds.acceptable,
        bounds.intolerable);
  }

  /** The thresholds of a gate; empty where the profile does not judge it. */
  public Optional<Bounds> bounds(Gate gate) {
    return Optional.ofNullable(gates.get(gate.id()));
  }

  /** The bundled profile of this name, or the one in this file. */
  public static Profile of(String nameOrFile) {
    if (BUNDLED.contains(nameOrFile)) {
      String source = nameOrFile + ".yaml";
      return of(SafeYaml.parse(resource(source), source, schema()), source);
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          "--policy %s is neither a file nor one of the profiles %s"
              .formatted(nameOrFile, String.join(", ", BUNDLED)));
    }
    return of(SafeYaml.read(file, schema()), nameOrFile);
  }

  private static Profile of(JsonNode tree, String source) {
    try {
      return MAPPER.treeToValue(tree, Profile.class);
    } catch (JacksonException e) {
      Throwable cause = e.getCause() instanceof BadInputException bad ? bad : e;
      String fault = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      throw new BadInputException("%s is not a profile: %s".formatted(source, fault), e);
    }
  }

  /** The JSON schema of profiles. */
  public static String schema() {
    return resource("profile.schema.json");
  }

  private static String resource(String name) {
    try (InputStream in = Profile.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
