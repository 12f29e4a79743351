package io.afterimage.base;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads YAML that a stranger may have written, and holds it against a JSON schema. A file is plain
 * data or it is refused: no tags, no anchors and aliases (what a YAML bomb is made of), no key
 * twice, no more than a megabyte, nested at most 32 deep.
 */
public final class SafeYaml {
  private static final int MOST_BYTES = 1 << 20;
  private static final int DEEPEST = 32;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MOST_BYTES).setUseMarks(true).build();

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .loadSettings(SETTINGS)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private SafeYaml() {}

  /**
   * The tree that this file holds.
   *
   * @param schema the text of a JSON schema, draft 2020-12
   * @throws BadInputException that names the file, and the line or field, where it cannot be read
   *     or does not fit the schema
   */
  public static JsonNode read(Path file, String schema) {
    return parse(text(file), file.toString(), schema);
  }

  /** The tree that this text holds; {@code source} is what to call it in an error. */
  public static JsonNode parse(String text, String source, String schema) {
    try {
      refuseTagsAnchorsAndDepth(text, source);
      JsonNode tree = MAPPER.readTree(text);
      List<Error> faults =
          SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(schema).validate(tree);
      if (!faults.isEmpty()) {
        throw new BadInputException(
            "%s: %s".formatted(source, field(faults.get(0)) + faults.get(0).getMessage()));
      }
      return tree;
    } catch (YamlEngineException e) {
      throw new BadInputException(
          "%s is not readable YAML: %s"
              .formatted(source, String.valueOf(e.getMessage()).replaceAll("\\s+", " ")),
          e);
    } catch (JacksonException e) {
      throw new BadInputException(
          "%s is not readable YAML: %s%s".formatted(source, firstLine(e), line(e)), e);
    }
  }

  private static String text(Path file) {
    try {
      long size = Files.size(file);
      Checks.check(
          size <= MOST_BYTES,
          "%s has %d bytes; a YAML file may have %d at most",
          file,
          size,
          MOST_BYTES);
      return Files.readString(file);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be read as UTF-8 text: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void refuseTagsAnchorsAndDepth(String text, String source) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      depth +=
          event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
      Checks.check(depth <= DEEPEST, "%s is nested more than %d deep", source, DEEPEST);
      Checks.check(
          !(event instanceof NodeEvent node && (node.getAnchor().isPresent() || isTagged(node))),
          "%s, line %d: YAML tags, anchors and aliases are not read; write plain values",
          source,
          event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0));
    }
  }

  private static boolean isTagged(NodeEvent event) {
    return (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
        || (event instanceof CollectionStartEvent start && start.getTag().isPresent());
  }

  private static String field(Error fault) {
    String at = fault.getInstanceLocation().toString();
    return at.isEmpty() || at.equals("/") ? "" : at + ": ";
  }

  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("nothing in it");
  }

  private static String line(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : String.format(Locale.ROOT, " (line %d)", e.getLocation().getLineNr());
  }
}
