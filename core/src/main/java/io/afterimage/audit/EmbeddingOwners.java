package io.afterimage.audit;

import io.afterimage.data.Dataset;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import io.afterimage.graph.EmbeddingLookups;
import io.afterimage.graph.EmbeddingLookups.Table;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.OnnxTarget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose rows the embeddings of a model hold. A row that one person alone looks up was trained on
 * nobody else: it is that person's, as the factors of a recommender's user are.
 */
final class EmbeddingOwners {
  private EmbeddingOwners() {}

  /** A table, and the row of it that each member looks up. */
  private record Lookups(Table table, int[] rows) {}

  /** The tables of which every member looks up one row; those that a text reads many of are not. */
  static List<Embedding> of(OnnxTarget target, OnnxModel graph, Dataset members) {
    EmbeddingLookups model = EmbeddingLookups.of(graph);
    List<Lookups> once =
        once(target, model, members).stream()
            .map(table -> new Lookups(table, new int[members.rows()]))
            .toList();
    if (once.isEmpty()) {
      return List.of();
    }
    target.trace(
        model.told(),
        members,
        (row, value, x) ->
            once.stream()
                .filter(lookups -> lookups.table().each().equals(value))
                .forEach(lookups -> lookups.rows()[row] = (int) x[0]));
    int[] persons = members.units();
    return once.stream().map(lookups -> embedding(lookups, persons)).toList();
  }

  /** Those tables of which a run looks up as many rows as it is given records. */
  private static List<Table> once(OnnxTarget target, EmbeddingLookups model, Dataset members) {
    if (model.tables().isEmpty()) {
      return List.of();
    }
    Map<String, Integer> ofRun = new HashMap<>();
    Dataset one = members.select(new int[] {0});
    target.trace(model.told(), one, (row, value, x) -> ofRun.put(value, x.length));
    int records = Math.max(1, target.batch().extent());
    return model.tables().stream()
        .filter(table -> ofRun.getOrDefault(table.ofRun(), 0) == records)
        .toList();
  }

  private static Embedding embedding(Lookups lookups, int[] persons) {
    Table table = lookups.table();
    int[] rows =
        Arrays.stream(lookups.rows()).map(row -> Math.floorMod(row, table.rows())).toArray();
    Map<Integer, Set<Integer>> who = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      who.computeIfAbsent(rows[i], row -> new HashSet<>()).add(persons[i]);
    }
    int[] people = Arrays.stream(rows).map(row -> who.getOrDefault(row, Set.of()).size()).toArray();
    return new Embedding(table.name(), table.rows(), who.size(), people);
  }
}
