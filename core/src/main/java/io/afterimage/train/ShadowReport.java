package io.afterimage.train;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code training.json} holds of many models: how they were trained, so that they can be
 * trained again. Who learned from which record stands in {@code membership.csv}.
 *
 * @param schema of this file
 * @param versions of Afterimage, Java and the libraries that numbers depend on
 * @param command the words typed
 * @param graph that every model has
 * @param data by role
 * @param settings everything that was chosen
 * @param seed of every draw
 * @param threads workers; one seed and one count give the same bits
 * @param classes in the order of the answers
 * @param notes what the reader should know
 */
public record ShadowReport(
    String schema,
    Map<String, String> versions,
    List<String> command,
    TrainingReport.Graph graph,
    Map<String, TrainingReport.Data> data,
    JsonNode settings,
    long seed,
    int threads,
    List<String> classes,
    List<Shadow> models,
    List<String> notes) {
  /** The version of this form. */
  public static final String SCHEMA = "afterimage/shadows/1";

  /**
   * One model.
   *
   * @param file beside this one
   * @param rows how many it learned from
   * @param losses mean loss of each epoch
   * @param validationLosses on the non-members after each epoch; none where none are given
   * @param kept number of the epoch, from 1, whose weights were written
   * @param learned how it answers the rows that it learned from
   * @param others how it answers the other members
   * @param nonmembers how it answers the non-members; null where none are given
   */
  public record Shadow(
      String name,
      String file,
      String sha256,
      int rows,
      List<Double> losses,
      List<Double> validationLosses,
      int kept,
      TrainingReport.Result learned,
      TrainingReport.Result others,
      TrainingReport.@Nullable Result nonmembers) {}
}
