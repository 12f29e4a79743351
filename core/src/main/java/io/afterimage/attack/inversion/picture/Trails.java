package io.afterimage.attack.inversion.picture;

import io.afterimage.evidence.Stages;
import io.afterimage.evidence.Stages.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The {@link Trail} of pictures of each of some rows. */
public final class Trails {
  /** No row's is kept. */
  static final Trails NONE = new Trails(new TreeMap<>());

  private final SortedMap<Integer, Trail<float[]>> byRow;

  private Trails(SortedMap<Integer, Trail<float[]>> byRow) {
    this.byRow = byRow;
  }

  /** Of these rows, empty. */
  public static Trails of(int[] rows) {
    SortedMap<Integer, Trail<float[]>> empty = new TreeMap<>();
    Arrays.stream(rows).forEach(row -> empty.put(row, new Trail<>()));
    return new Trails(empty);
  }

  /** The same trails of the rows of a batch, by where these stand in it. */
  public Trails among(int from, int to) {
    SortedMap<Integer, Trail<float[]>> here = new TreeMap<>();
    byRow.subMap(from, to).forEach((row, trail) -> here.put(row - from, trail));
    return new Trails(here);
  }

  /** Shows a row's picture after so many steps to its trail, where there is one. */
  public void pass(int row, int step, Supplier<float[]> picture) {
    Trail<float[]> trail = byRow.get(row);
    if (trail != null) {
      trail.pass(step, picture);
    }
  }

  /** All of them. */
  public Stages stages() {
    List<Stage> stages = new ArrayList<>();
    for (Map.Entry<Integer, Trail<float[]>> one : byRow.entrySet()) {
      one.getValue().forEach((at, step) -> stages.add(new Stage(one.getKey(), step, at)));
    }
    return Stages.of(stages);
  }
}
