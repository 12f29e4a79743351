package io.afterimage.report;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import io.afterimage.evidence.Seen;
import io.afterimage.policy.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.EnumNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads report.json. Fields stand in the order of the records; what the data cannot
 * resolve is null with its reason.
 *
 * <p>Both ways go through the JSON Schema, so that a report that was written can be read and one
 * that was tampered with is refused.
 */
public final class ReportJson {
  /** Greatest size of a report that is read: a hundred times that of a large one. */
  static final int MOST_BYTES = 64 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MOST_BYTES)
                          .maxNestingDepth(32)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .addMixIn(Family.class, LowerCamelCase.class)
          .addMixIn(Seen.class, LowerCamelCase.class)
          .addMixIn(Verdict.Outcome.class, LowerCamelCase.class)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final Schema JSON_SCHEMA =
      SchemaRegistry.withDialect(Dialects.getDraft202012())
          .getSchema(Resources.text("afterimage-report-1.schema.json"));

  private ReportJson() {}

  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  private interface LowerCamelCase {}

  /**
   * The text of report.json.
   *
   * @throws IllegalStateException where the report breaks its own schema, as a NaN would
   */
  public static String write(Report report) {
    JsonNode tree = MAPPER.valueToTree(report);
    List<String> faults = faults(tree);
    if (!faults.isEmpty()) {
      throw new IllegalStateException("the report breaks its schema: " + faults.get(0));
    }
    return MAPPER.writeValueAsString(tree) + "\n";
  }

  /**
   * The report that this text holds.
   *
   * @param source what to call the text in an error
   */
  public static Report read(String text, String source) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      List<String> faults = faults(tree);
      if (!faults.isEmpty()) {
        throw unusable(source, faults.get(0), null);
      }
      return MAPPER.treeToValue(tree, Report.class);
    } catch (JacksonException e) {
      throw unusable(source, e.getOriginalMessage(), e);
    }
  }

  /** What in this tree breaks the schema, by where it stands; empty where nothing does. */
  static List<String> faults(JsonNode tree) {
    String endless = endlessNumber(tree, "");
    return endless != null
        ? List.of(endless + ": not a finite number")
        : JSON_SCHEMA.validate(tree).stream().map(ReportJson::text).toList();
  }

  private static @Nullable String endlessNumber(JsonNode node, String at) {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      return at;
    }
    for (var child : node.properties()) {
      String found = endlessNumber(child.getValue(), at + "/" + child.getKey());
      if (found != null) {
        return found;
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      String found = endlessNumber(node.get(i), at + "/" + i);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String text(Error error) {
    return error.getInstanceLocation() + ": " + error.getMessage();
  }

  private static BadInputException unusable(
      String source, String fault, @Nullable Throwable cause) {
    String message =
        "%s is not a report of schema %s: %s; give the folder of a finished run"
            .formatted(source, Report.SCHEMA, fault.lines().findFirst().orElse("empty"));
    return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
  }
}
