package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operators on maps, by hand. */
@ExtendWith(NoLeakedTensors.class)
class DictionariesTest {
  private static OnnxModel vectorizer() {
    GraphBuilder g = new GraphBuilder("maps");
    g.input("x", ElementType.FLOAT);
    g.ml("DictVectorizer", "x").with("string_vocabulary", List.of("a", "b", "c")).to("y");
    g.output("y", ElementType.FLOAT, 1, 3);
    return g.build();
  }

  private static Tensor run(Interpreter interpreter, Value x) {
    Map<String, Value> outputs = interpreter.run(Map.of("x", x), List.of("y"));
    return ((Value.Numbers) requireNonNull(outputs.get("y"))).tensor();
  }

  @Test
  void aMapBecomesARowInTheOrderOfTheVocabulary() {
    TensorScope.run(
        () -> {
          try (Interpreter interpreter = Interpreter.of(vectorizer())) {
            Tensor values = Tensors.of(new float[] {3, 5, 7}, 3).requireGrad();
            Value keys = new Value.Strings(List.of("c", "unknown", "a"), new long[] {3});
            Tensor row = run(interpreter, new Value.Dictionary(keys, Value.of(values)));
            assertThat(row.shape()).containsExactly(1, 3);
            assertThat(row.toFloats()).containsExactly(7, 0, 3);
            Tensor gradient = Autograd.gradients(row.sum(), List.of(values), false).get(0);
            assertThat(gradient.toFloats()).containsExactly(1, 0, 1);
          }
        });
  }

  @Test
  void aMapForEachRowHasItsScoresUnderTheClasses() {
    OnnxModel model = zipMap(new long[] {7, 3});
    TensorScope.run(
        () -> {
          try (Interpreter interpreter = Interpreter.of(model)) {
            Value x = Value.of(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2));
            Value y = requireNonNull(interpreter.run(Map.of("x", x), List.of("y")).get("y"));
            List<Value> maps = ((Value.Sequence) y).values();
            assertThat(maps).hasSize(2);
            Value.Dictionary second = (Value.Dictionary) maps.get(1);
            assertThat(((Value.Numbers) second.keys()).tensor().toLongs()).containsExactly(7, 3);
            assertThat(((Value.Numbers) second.values()).tensor().toFloats()).containsExactly(3, 4);
            assertThat(Outputs.beforeMaps(model, "y")).isEqualTo("x");
          }
        });
  }

  @Test
  void aMapWithMoreClassesThanScoresIsRefused() {
    TensorScope.run(
        () -> {
          try (Interpreter interpreter = Interpreter.of(zipMap(new long[] {0, 1, 2}))) {
            Value x = Value.of(Tensors.zeros(4, 2));
            assertThatThrownBy(() -> interpreter.run(Map.of("x", x), List.of("y")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("ZipMap \"y\" has 3 labels for");
          }
        });
  }

  private static OnnxModel zipMap(long[] labels) {
    GraphBuilder g = new GraphBuilder("zip");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.ml("ZipMap", "x").with("classlabels_int64s", labels).to("y");
    g.output("y", ElementType.FLOAT, "N", 2);
    return g.build();
  }

  @Test
  void somethingElseThanAMapIsRefused() {
    TensorScope.run(
        () -> {
          try (Interpreter interpreter = Interpreter.of(vectorizer())) {
            assertThatThrownBy(() -> run(interpreter, Value.of(Tensors.zeros(3))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("DictVectorizer \"y\" needs a map to numbers");
          }
        });
  }

  private static Tensor cast(UnaryOperator<OneNode> settings, Value keys) {
    Value map = new Value.Dictionary(keys, Value.of(Tensors.of(new float[] {1.5f, -3.75f}, 2)));
    OneNode node = settings.apply(OneNode.of(Node.ML, "CastMap", 1));
    return ((Value.Numbers) node.values(1, Arrays.asList(map)).get(0)).tensor();
  }

  private static Value keys(long... keys) {
    return Value.of(Tensors.of(keys, keys.length));
  }

  @Test
  void aMapBecomesARowByAscendingKey() {
    TensorScope.run(
        () -> {
          Tensor row = cast(n -> n, keys(5, 2));
          assertThat(row.shape()).containsExactly(1, 2);
          assertThat(row.toFloats()).containsExactly(-3.75f, 1.5f);
          assertThat(cast(n -> n.with("cast_to", "TO_INT64"), keys(5, 2)).toLongs())
              .containsExactly(-3, 1);
        });
  }

  @Test
  void aSparseMapHasAColumnForEachKeyBelowItsWidth() {
    TensorScope.run(
        () -> {
          UnaryOperator<OneNode> sparse = n -> n.with("map_form", "SPARSE").with("max_map", 4);
          assertThat(cast(sparse, keys(5, 2)).toFloats()).containsExactly(0, 0, -3.75f, 0);
          assertThatThrownBy(() -> cast(sparse, keys(5, -2)))
              .isInstanceOf(BadInputException.class)
              .hasMessageContaining("has a negative key");
        });
  }
}
