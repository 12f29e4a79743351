package io.afterimage.train;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code training.json} holds: how a model was trained, so that it can be trained again.
 *
 * @param schema of this file
 * @param status begun or done
 * @param versions of Afterimage, Java and the libraries that numbers depend on
 * @param command the words typed
 * @param start the graph with the weights that training started from
 * @param data by role
 * @param settings everything that was chosen
 * @param seed of every draw
 * @param threads intra-op threads; one seed and one count give the same bits
 * @param classes in the order of the answers
 * @param epochs loss by epoch
 * @param kept number of the epoch, from 1, whose weights were written; null before the end
 * @param model the file that was written; null before the end
 * @param scores by role, of the weights that were written
 * @param notes what the reader should know
 */
public record TrainingReport(
    String schema,
    String status,
    Map<String, String> versions,
    List<String> command,
    Graph start,
    Map<String, Data> data,
    JsonNode settings,
    long seed,
    int threads,
    List<String> classes,
    List<Standing.Epoch> epochs,
    @Nullable Integer kept,
    @Nullable Graph model,
    Map<String, Result> scores,
    List<String> notes) {
  /** The version of this form. */
  public static final String SCHEMA = "afterimage/training/1";

  /** A graph. */
  public record Graph(String sha256, long parameters) {}

  /**
   * Rows of a role.
   *
   * @param sha256 of their file
   * @param learned of what was made of them
   */
  public record Data(int rows, String sha256, String learned) {}

  /** How well rows are answered; accuracy is null where answers are no classes. */
  public record Result(double loss, @Nullable Double accuracy) {}
}
