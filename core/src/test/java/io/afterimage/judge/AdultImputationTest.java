package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.fixture.Adult;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.train.Classifier;
import io.afterimage.train.Forests;
import io.afterimage.train.LogisticRegression;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A weak baseline would make every model look as if it leaked. */
class AdultImputationTest {
  private static final Run RUN = Run.of(5);
  private static final int PEOPLE = 3_000;
  private static final int PUBLIC = 6_000;

  /** What the shortcuts taken for speed may cost, as a share of the people. */
  private static final double SLACK = 0.005;

  @TempDir private Path folder;

  /**
   * The judge's choice, fitted loosely, against both of its learners without any shortcut: a
   * logistic regression at its minimum, and a forest ten times as large.
   */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"sex", "marital-status"})
  void imputationIsAsGoodAsSlowLearnersMakeIt(String sensitive) {
    Split split = split(sensitive);
    List<Dataset> people = List.of(split.members(), split.nonMembers());
    List<String> values = ((Column.Categorical) split.members().column(sensitive)).dictionary();
    ImputationBaselines baselines = new ImputationBaselines(sensitive, values, split, RUN);
    int[] truth = people.stream().flatMapToInt(r -> Arrays.stream(baselines.truth(r))).toArray();
    Map<String, int[]> guesses = baselines.guesses(Optional.empty());

    List<String> others = new ArrayList<>(split.members().schema().inputs());
    others.remove(sensitive);
    Dataset population = split.population().orElseThrow();
    Encoding encoding = Encoding.of(List.of(people.get(0), people.get(1), population), others, RUN);
    Sample taught =
        Sample.of(
            encoding.encode(population),
            baselines.truth(population),
            values.size(),
            List.of(population));
    Sample asked =
        Sample.of(
            encoding.encode(people.get(0)).above(encoding.encode(people.get(1))),
            truth,
            values.size(),
            people);
    double logistic =
        accuracy(
            LogisticRegression.fit(taught.table(), taught.labels(), values.size(), 1, RUN), asked);
    Forests.Settings settings =
        Forests.Settings.forest(300, taught.table().columns()).withMinLeaf(5);
    double forest =
        accuracy(
            Forests.grow(taught.table(), taught.labels(), values.size(), settings, RUN), asked);
    assertThat(share(guesses.getOrDefault("other-attributes", new int[0]), truth))
        .as("%s: logistic regression %.4f, forest %.4f", sensitive, logistic, forest)
        .isGreaterThan(Math.max(logistic, forest) - SLACK);
  }

  private static double accuracy(Classifier classifier, Sample asked) {
    int[] guesses =
        IntStream.range(0, asked.rows()).map(row -> classifier.guess(asked.table(), row)).toArray();
    return share(guesses, asked.labels());
  }

  private static double share(int[] guesses, int[] truth) {
    return IntStream.range(0, truth.length).filter(i -> guesses[i] == truth[i]).count()
        / (double) truth.length;
  }

  private Split split(String sensitive) {
    List<String> people = Adult.people(RUN);
    Map<String, Path> files = new LinkedHashMap<>();
    int end = 0;
    for (String role : List.of("members", "nonmembers", "population")) {
      int start = end;
      end += role.equals("population") ? PUBLIC : PEOPLE;
      files.put(role, Adult.write(folder.resolve(role + ".csv"), people.subList(start, end)));
    }
    DataReader.Loaded loaded = DataReader.read(files, Adult.reading().sensitive(sensitive).build());
    return new Split(
        loaded.get("members"),
        loaded.get("nonmembers"),
        Optional.of(loaded.get("population")),
        Optional.empty());
  }
}
