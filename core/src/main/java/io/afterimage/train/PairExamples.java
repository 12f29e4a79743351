package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Choices of users, each beside an item that the user did not choose: a mini-batch holds the chosen
 * pairs, then as many that were not. The items that were not chosen are drawn anew each epoch, by
 * the row and the epoch.
 */
final class PairExamples implements Examples {
  /** Of a user who chose nearly everything nothing else may be found. */
  private static final int TRIES = 100;

  private final Column.Categorical users;
  private final Column.Categorical items;
  private final Map<Integer, BitSet> chosen;
  private final Run run;
  private final int epoch;

  /** All rows are choices; both columns name who and what. */
  PairExamples(Column.Categorical users, Column.Categorical items, Run run) {
    this(users, items, new HashMap<>(), run, 0);
    check(users.rows() > 0, "there are no rows to train on");
    check(items.dictionary().size() > 1, "a ranking needs two items at least");
    for (int row = 0; row < users.rows(); row++) {
      check(
          users.code(row) >= 0 && items.code(row) >= 0,
          "row %d lacks its %s or %s; drop it",
          row,
          users.name(),
          items.name());
      chosen.computeIfAbsent(users.code(row), u -> new BitSet()).set(items.code(row));
    }
  }

  private PairExamples(
      Column.Categorical users,
      Column.Categorical items,
      Map<Integer, BitSet> chosen,
      Run run,
      int epoch) {
    this.users = users;
    this.items = items;
    this.chosen = chosen;
    this.run = run;
    this.epoch = epoch;
  }

  @Override
  public Examples inEpoch(int number) {
    return new PairExamples(users, items, chosen, run, number);
  }

  @Override
  public int rows() {
    return users.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    List<String> who = new ArrayList<>(2 * rows.length);
    List<String> what = new ArrayList<>(2 * rows.length);
    for (int row : rows) {
      who.add(users.dictionary().get(users.code(row)));
      what.add(items.dictionary().get(items.code(row)));
    }
    who.addAll(List.copyOf(who));
    for (int row : rows) {
      what.add(items.dictionary().get(notChosen(row)));
    }
    long[] shape = {who.size(), 1};
    return Map.of(
        users.name(), new Value.Strings(who, shape), items.name(), new Value.Strings(what, shape));
  }

  private int notChosen(int row) {
    BitSet own = chosen.getOrDefault(users.code(row), new BitSet());
    RandomGenerator random = run.random("not chosen/" + row + "/" + epoch);
    int item = random.nextInt(items.dictionary().size());
    for (int attempt = 1; attempt < TRIES && own.get(item); attempt++) {
      item = random.nextInt(items.dictionary().size());
    }
    return item;
  }

  /** Nothing: a ranking knows which half was chosen. */
  @Override
  public Tensor targets(int[] rows) {
    return Tensors.zeros(rows.length);
  }

  @Override
  public String sha256() {
    Sha256 digest = new Sha256();
    for (int row = 0; row < rows(); row++) {
      digest.add(users.dictionary().get(users.code(row)));
      digest.add(items.dictionary().get(items.code(row)));
    }
    return digest.hex();
  }
}
