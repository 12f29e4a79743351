package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.membership.MembershipThreshold;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Classes;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Sources;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.target.Task;
import io.afterimage.train.CanaryRecord;
import io.afterimage.train.CanaryRecord.Gradient;
import io.afterimage.train.CanaryRecord.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The model of an audit with the canaries that its training laid out. Rows are scored by how little
 * the model errs about them under the label that they were trained under; gradients by how far
 * training went down along them.
 */
record Canaried(Session session, OnnxModel model, CanaryRecord canaries) {

  /**
   * The canaries of the model that is audited; empty where the user names none.
   *
   * @throws BadInputException where they are another model's, or their rows cannot be found again
   */
  static Optional<Canaried> open(Session session) {
    return session.spec().canaries().map(place -> of(session, CanaryRecord.read(place)));
  }

  private static Canaried of(Session session, CanaryRecord canaries) {
    OnnxModel model =
        session
            .subject()
            .model()
            .orElseThrow(
                () -> new BadInputException("--canaries needs --model, not --predictions"));
    check(
        model.sha256().equals(canaries.model()),
        "--canaries: these are canaries of another model (SHA-256 %s, not %s); give the folder that %s was trained into",
        canaries.model(),
        model.sha256(),
        model.name());
    Canaried canaried = new Canaried(session, model, canaries);
    canaried.requireSource();
    return canaried;
  }

  private void requireSource() {
    CanaryRecord.Source source = canaries.source();
    if (source == null || areOfMembers(source)) {
      return;
    }
    Path file = Path.of(source.file());
    check(
        Files.exists(file) && Sources.sha256(file).equals(source.sha256()),
        "--canaries: they are rows of %s, which is gone or was changed; put it back as it was when the model was trained",
        file);
  }

  private boolean areOfMembers(CanaryRecord.Source source) {
    return Optional.ofNullable(session.spec().roles().get("members"))
        .filter(file -> Sources.sha256(file).equals(source.sha256()))
        .isPresent();
  }

  /** Why they cannot be told apart at all; empty where that can be tried. */
  Optional<String> lacking() {
    List<Boolean> coins =
        Stream.concat(
                asked().stream().map(Row::included),
                canaries.gradients().stream().map(Gradient::included))
            .toList();
    if (coins.stream().distinct().count() < 2) {
      return Optional.of(
          "the coins of all %d canaries that may be asked about fell on one side; more would do"
              .formatted(coins.size()));
    }
    return session
        .spec()
        .access()
        .filter(access -> !canaries.gradients().isEmpty() && !access.covers(Access.GRADIENTS))
        .map(access -> "its canaries are looked for in the weights; the adversary has " + access);
  }

  /** A score for each, those that were trained on before the others. */
  Steps.Saved scored(Run run) {
    return canaries.gradients().isEmpty() ? rows(run) : gradients();
  }

  private Steps.Saved gradients() {
    long started = System.nanoTime();
    double[] down = canaries.descents(model);
    MembershipScores scores =
        new MembershipScores(
            people(true),
            people(false),
            Map.of("descent", new Signal(of(down, true), of(down, false))));
    return new Steps.Saved(scores, 0, (System.nanoTime() - started) / 1e9);
  }

  private People people(boolean included) {
    List<String> ids =
        canaries.gradients().stream()
            .filter(g -> g.included() == included)
            .map(Gradient::id)
            .toList();
    return new People(ids, ids, new int[0]);
  }

  private double[] of(double[] scores, boolean included) {
    return IntStream.range(0, scores.length)
        .filter(i -> canaries.gradients().get(i).included() == included)
        .mapToDouble(i -> scores[i])
        .toArray();
  }

  private Steps.Saved rows(Run run) {
    long started = System.nanoTime();
    Dataset pool = pool();
    Split sides = Split.of(side(pool, true), side(pool, false));
    QueryMeter meter =
        session.spec().queryBudget().isPresent()
            ? QueryMeter.of(session.spec().queryBudget().getAsLong())
            : QueryMeter.counting();
    LabelTarget target = MeteredTarget.of(session.subject().blackBox(), meter);
    MembershipScores scores =
        new MembershipThreshold()
            .run(target, sides, new MembershipThreshold.Settings(OptionalInt.empty(), false), run);
    Map.Entry<String, Signal> first = scores.signals().entrySet().iterator().next();
    return new Steps.Saved(
        new MembershipScores(
            scores.members(), scores.nonMembers(), Map.of(first.getKey(), first.getValue())),
        meter.spent(),
        (System.nanoTime() - started) / 1e9);
  }

  /** The rows of the file that they are of. */
  private Dataset pool() {
    CanaryRecord.Source source = Optional.ofNullable(canaries.source()).orElseThrow();
    return areOfMembers(source)
        ? session.split().members()
        : session.subject().alsoRead(session.spec(), "canaries", Path.of(source.file()));
  }

  /**
   * The rows that may be asked about: where the budget is short, so many of all, drawn by their
   * ids. As many of each side would not do, for then one coin would tell of another.
   */
  private List<Row> asked() {
    Run run = session.run();
    return canaries.rows().stream()
        .sorted(Comparator.comparingLong(row -> run.seedFor("canary/asked/" + row.id())))
        .limit(session.spec().queryBudget().orElse(Long.MAX_VALUE))
        .toList();
  }

  private Dataset side(Dataset pool, boolean included) {
    List<Row> rows = asked().stream().filter(row -> row.included() == included).toList();
    check(
        rows.stream().allMatch(row -> row.row() < pool.rows()),
        "--canaries: one of them is in no row of its file; train with --canaries again");
    return relabelled(pool.select(rows.stream().mapToInt(Row::row).toArray()), rows);
  }

  private Dataset relabelled(Dataset rows, List<Row> canaries) {
    boolean wrong = canaries.stream().anyMatch(row -> row.label() != null);
    if (!wrong || session.subject().info().task() == Task.REGRESSION) {
      return rows;
    }
    List<String> labels = canaries.stream().map(row -> String.valueOf(row.label())).toList();
    List<String> distinct = labels.stream().distinct().toList();
    int[] codes = labels.stream().mapToInt(distinct::indexOf).toArray();
    String name = rows.label().orElseThrow().name();
    return Classes.recode(
            rows.with(new Column.Categorical(name, codes, distinct)),
            session.subject().info().classes())
        .rows();
  }
}
