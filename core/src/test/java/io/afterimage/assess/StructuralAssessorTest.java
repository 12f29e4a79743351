package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Finding.Worst;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.evidence.People;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StructuralAssessorTest {
  private static final AttackInfo INFO =
      new AttackInfo(
          "membership-structural", "t", "p", Family.MEMBERSHIP, Access.GRADIENTS, "k", false, "s");
  private static final int[] NONE = new int[0];

  private static People people(int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "m:" + i).toList();
    return new People(ids, ids, NONE);
  }

  private static Finding assess(int[] stored, int[] inLeaf, List<Embedding> embeddings) {
    StructuralLeaks leaks = new StructuralLeaks(people(4), stored, inLeaf, embeddings);
    return StructuralAssessor.assess(new Ran(INFO, 0, 1, null), leaks, Map.of());
  }

  private static List<String> worst(Finding finding) {
    return finding.worst().stream().map(worst -> worst.id() + " " + worst.metricName()).toList();
  }

  @Test
  void membersThatAreStoredAreNamedAndAreAsSevereAsTheyAreMany() {
    Finding one = assess(new int[] {0, 0, 1, 0}, NONE, List.of());
    assertThat(worst(one)).containsExactly("m:2 rowStored");
    assertThat(one.severity()).isEqualTo(Severity.MEDIUM);
    Finding all = assess(new int[] {1, 1, 1, 1}, NONE, List.of());
    assertThat(all.worst()).hasSize(4);
    assertThat(all.severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void membersNearlyAloneInALeafAreNamedFewestFirstWithTheirCount() {
    Finding finding = assess(new int[4], new int[] {5, 3, 1, 40}, List.of());
    assertThat(finding.worst()).extracting(Worst::id).containsExactly("m:2", "m:1");
    assertThat(finding.worst())
        .extracting(worst -> worst.metric().value())
        .containsExactly(1.0, 3.0);
    assertThat(finding.metric("fewInLeaf").map(Metric::value)).hasValue(.5);
    assertThat(finding.severity()).isEqualTo(Severity.LOW);
  }

  @Test
  void anEmbeddingWithOneRowAPersonIsSaidInWordsAndNamesItsOwners() {
    Embedding users = new Embedding("users", 40, 4, new int[] {1, 1, 1, 1});
    Finding finding = assess(new int[4], NONE, List.of(users));
    assertThat(finding.reason())
        .isEqualTo(
            "embedding users has 40 rows, of which the 4 people among the members look up 4: one"
                + " row a person");
    assertThat(worst(finding)).hasSize(4).contains("m:0 peopleOfEmbeddingRow");
    assertThat(finding.metric("ownEmbedding").map(Metric::value)).hasValue(1.0);
  }

  @Test
  void sharesAreOfPeopleAndNotOfTheirRecords() {
    People one = new People(List.of("a", "b", "c"), List.of("p", "p", "q"), NONE);
    StructuralLeaks leaks = new StructuralLeaks(one, new int[3], new int[] {1, 1, 9}, List.of());
    Finding finding = StructuralAssessor.assess(new Ran(INFO, 0, 1, null), leaks, Map.of());
    assertThat(finding.metric("fewInLeaf")).contains(Metric.of(.5, .5, .5, 2));
  }

  @Test
  void anEmbeddingThatManyShareNamesNobody() {
    Embedding items = new Embedding("items", 30, 1, new int[] {4, 4, 4, 4});
    Finding finding = assess(new int[4], new int[] {5, 5, 5, 5}, List.of(items));
    assertThat(finding.worst()).isEmpty();
    assertThat(finding.severity()).isEqualTo(Severity.NONE);
    assertThat(finding.reason()).contains("0 of 4 records look up a row that no other person does");
  }

  @Test
  void whatCouldNotBeReadIsNoPassUnlessTheRestFoundSomebody() {
    Map<String, Metric> unread = Map.of("rowsStored", Metric.unresolved(4, "too many numbers"));
    StructuralLeaks nobody =
        new StructuralLeaks(people(4), NONE, new int[] {9, 9, 9, 9}, List.of());
    Finding failed = StructuralAssessor.assess(new Ran(INFO, 0, 1, null), nobody, unread);
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.reason()).isEqualTo("too many numbers");
    StructuralLeaks alone = new StructuralLeaks(people(4), NONE, new int[] {1, 9, 9, 9}, List.of());
    Finding found = StructuralAssessor.assess(new Ran(INFO, 0, 1, null), alone, unread);
    assertThat(found.status()).isEqualTo(Status.RUN);
    assertThat(found.metric("rowsStored").map(Metric::reason)).hasValue("too many numbers");
  }

  @Test
  void hardlyMoreRowsThanCoefficientsAreLow() {
    StructuralLeaks leaks = new StructuralLeaks(people(4), new int[4], NONE, List.of());
    Metric four = Metric.of(4, 4, 4, 4);
    Finding finding =
        StructuralAssessor.assess(
            new Ran(INFO, 0, 1, null), leaks, Map.of(StructuralAssessor.FREEDOM, four));
    assertThat(finding.severity()).isEqualTo(Severity.LOW);
    assertThat(finding.metric(StructuralAssessor.FREEDOM)).contains(four);
  }
}
