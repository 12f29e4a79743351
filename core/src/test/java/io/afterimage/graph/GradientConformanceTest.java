package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.GradientProbe.Kind;
import io.afterimage.graph.GradientProbe.Result;
import io.afterimage.graph.GradientProbe.Verdict;
import io.afterimage.graph.ops.Operators;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The gradients of every differentiable operator, and the gradients of those, against central
 * differences: on every test of the ONNX backend suite that is one node with real inputs, and on
 * {@link GradientSamples}. Operators whose gradients stand in for true ones by design (those that
 * round, see their reason in {@link Operators}) cannot be held against differences and are left
 * out.
 *
 * <p>Operators without a second gradient stand in {@code second-order.txt} with the reason, one
 * line an operator: {@code domain:Type: reason}, sorted.
 */
@Tag("slow")
@ExtendWith(NoLeakedTensors.class)
class GradientConformanceTest {
  private static final Path ZIP =
      Path.of(System.getProperty("afterimage.shared"), "data", "onnx-backend", "tests.zip");

  /** Inputs that are settings, though real numbers: they choose places, sizes or steps. */
  private static final Map<String, Set<Integer>> SETTINGS =
      Map.of(
          ":Resize", Set.of(1, 2),
          ":Upsample", Set.of(1),
          ":MaxRoiPool", Set.of(1),
          "ai.onnx.preview.training:Adagrad", Set.of(0),
          "ai.onnx.preview.training:Adam", Set.of(0),
          "ai.onnx.preview.training:Momentum", Set.of(0));

  /** What came of one model. */
  private record Outcome(String name, Set<String> operators, Result result) {}

  /** All models are differentiated once for all tests of this class. */
  private static final class Suite {
    static final List<Outcome> OUTCOMES = execute();

    private static List<Outcome> execute() {
      List<Outcome> outcomes = new ArrayList<>();
      try (ZipFile zip = new ZipFile(ZIP.toFile())) {
        for (BackendCase test : BackendCase.all(zip)) {
          TensorScope.run(() -> add(outcomes, test));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      TensorScope.run(
          () ->
              GradientSamples.all()
                  .forEach(s -> add(outcomes, "sample", s.operators(), s.model(), s.inputs())));
      return outcomes;
    }

    private static void add(List<Outcome> outcomes, BackendCase test) {
      try {
        OnnxModel model = test.model();
        List<Node> nodes = model.nodes();
        Map<String, Value> inputs = test.inputs(model);
        boolean single = nodes.size() == 1 && hasTrueGradients(key(nodes.get(0)));
        if (single && inputs.values().stream().noneMatch(GradientConformanceTest::isShort)) {
          add(outcomes, test.name(), Set.of(key(nodes.get(0))), model, inputs);
        }
      } catch (BadInputException refused) {
        // BackendTest tells of the models that are refused.
      }
    }

    private static void add(
        List<Outcome> outcomes,
        String name,
        Set<String> operators,
        OnnxModel model,
        Map<String, Value> inputs) {
      Result result =
          GradientProbe.of(model, inputs, settings(model), Run.of(3).random(name + operators));
      outcomes.add(new Outcome(name, operators, result));
    }
  }

  private static String key(Node node) {
    return node.domain() + ":" + node.type();
  }

  private static boolean hasTrueGradients(String operator) {
    Operators.Entry entry = Operators.all().get(operator);
    return entry != null && entry.differentiable() && entry.reason().isEmpty();
  }

  /** Whether it holds numbers too coarse to take differences of. */
  private static boolean isShort(Value value) {
    List<DType> types = new ArrayList<>();
    value.forEach(tensor -> types.add(tensor.dtype()));
    return types.contains(DType.HALF) || types.contains(DType.BFLOAT16);
  }

  private static Set<String> settings(OnnxModel model) {
    Set<String> names = new HashSet<>();
    for (Node node : model.nodes()) {
      SETTINGS.getOrDefault(key(node), Set.of()).forEach(i -> names.add(node.input(i)));
    }
    return names;
  }

  private static Set<String> operators() {
    return Operators.all().keySet().stream()
        .filter(GradientConformanceTest::hasTrueGradients)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> agreeing(Function<Result, Verdict> order) {
    return Suite.OUTCOMES.stream()
        .filter(o -> order.apply(o.result()).is(Kind.AGREES))
        .flatMap(o -> o.operators().stream())
        .collect(Collectors.toSet());
  }

  /** What differs, by operator. */
  private static Map<String, String> differing(Function<Result, Verdict> order) {
    Map<String, String> differing = new TreeMap<>();
    for (Outcome outcome : Suite.OUTCOMES) {
      Verdict verdict = order.apply(outcome.result());
      if (verdict.is(Kind.DIFFERS)) {
        outcome
            .operators()
            .forEach(
                o ->
                    differing.merge(
                        o, outcome.name() + ": " + verdict.words(), (a, b) -> a + "\n  " + b));
      }
    }
    return differing;
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        requireNonNull(GradientConformanceTest.class.getResourceAsStream("/second-order.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static Set<String> listed() throws IOException {
    return lines().stream()
        .map(line -> line.substring(0, line.indexOf(": ")))
        .collect(Collectors.toSet());
  }

  @BeforeEach
  void needsTheSuite() {
    assumeTrue(Files.exists(ZIP), "data set onnx-backend is absent");
  }

  @Test
  void noGradientDiffersFromDifferences() {
    assertThat(differing(Result::first)).isEmpty();
  }

  @Test
  void theGradientOfEveryDifferentiableOperatorIsChecked() {
    assertThat(operators()).hasSizeGreaterThan(150);
    assertThat(agreeing(Result::first)).containsAll(operators());
  }

  @Test
  void everySecondGradientAgreesUnlessItIsListed() throws IOException {
    Map<String, String> differing = differing(Result::second);
    Set<String> agreeing = agreeing(Result::second);
    Set<String> missing = new TreeSet<>(operators());
    missing.removeIf(o -> agreeing.contains(o) && !differing.containsKey(o));
    assertThat(missing).as("differing: %s", differing).isEqualTo(new TreeSet<>(listed()));
  }

  @Test
  void aGradientThatIsNotTheTrueOneDiffers() {
    TensorScope.run(
        () -> {
          Tensor zero = Tensors.full(DType.UBYTE, 128);
          Tensor x = Tensors.of(new double[] {0.3, -0.7, 1.1}, 3);
          List<Value> inputs = List.of(Value.of(x), Value.of(Tensors.scalar(0.1)), Value.of(zero));
          Result result =
              GradientProbe.of(
                  OneNode.of("QuantizeLinear").model(1, new ArrayList<>(inputs)),
                  OneNode.given(new ArrayList<>(inputs)),
                  Set.of(),
                  Run.of(3).random("rounded"));
          assertThat(result.first().kind()).isEqualTo(Kind.DIFFERS);
        });
  }

  @Test
  void theListIsSortedAndGivesReasons() throws IOException {
    assertThat(lines())
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(line -> line.matches("[\\w.]*:\\w+: \\S.*"));
  }
}
