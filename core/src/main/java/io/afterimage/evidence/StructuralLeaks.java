package io.afterimage.evidence;

import java.util.List;

/**
 * Whom a model's file tells of without the model being asked anything, counted over the members.
 *
 * @param members whom
 * @param stored for each member 1 where the file holds the row and no non-member has the same, else
 *     0; empty where that could not be told
 * @param inLeaf for each member how many members reach the emptiest of the leaves that it reaches,
 *     itself among them; empty where there are no trees or they could not be read
 * @param embeddings tables of which every record looks up one row
 */
public record StructuralLeaks(
    People members, int[] stored, int[] inLeaf, List<Embedding> embeddings) implements Evidence {
  public StructuralLeaks {
    embeddings = List.copyOf(embeddings);
  }

  /**
   * A table of numbers that were trained, one row of which belongs to each record that looks it up.
   *
   * @param table its name in the file
   * @param rows its rows
   * @param lookedUp how many of them members look up
   * @param people for each member how many persons among the members look up the same row
   */
  public record Embedding(String table, int rows, int lookedUp, int[] people) {}
}
