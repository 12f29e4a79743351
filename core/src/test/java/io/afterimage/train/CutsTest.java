package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Generators cut at inner values. */
@ExtendWith(ScopePerTest.class)
class CutsTest {
  private static final int LATENT = 5;
  private static final Shape VECTOR = new Shape(4);

  /** 28x28 is doubled from 7x7 by way of 14x14: two layers come after the first. */
  @Test
  void picturesAreTheSameFromWhereverTheyAreMade() {
    PictureSpace space = new PictureSpace(new Shape(28, 28), -1, 1, 0);
    OnnxModel generator = Generators.convolutional(space, LATENT, 2, Run.of(1));
    Prior prior = new Prior(generator, Optional.empty(), space, LATENT, "fresh");
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(1)) {
      Tensor z = opened.latents(3, draws);
      float[] whole = opened.pictures(z).toFloats();
      List<String> layers = opened.layers();
      assertThat(layers).hasSize(2);
      Tensor first = opened.inner(z, layers.get(0));
      Tensor second = opened.inner(layers.get(0), first, layers.get(1));
      assertThat(first.shape()).containsExactly(3, 4, 7, 7);
      assertThat(second.shape()).containsExactly(3, 2, 14, 14);
      assertThat(second.toFloats()).isEqualTo(opened.inner(z, layers.get(1)).toFloats());
      assertThat(opened.pictures(layers.get(0), first).toFloats()).isEqualTo(whole);
      assertThat(opened.pictures(layers.get(1), second).toFloats()).isEqualTo(whole);
      Tensor free = second.copy().requireGrad();
      Tensor slope =
          Autograd.gradients(opened.pictures(layers.get(1), free).sum(), List.of(free), false)
              .get(0);
      assertThat(slope.abs().max(false).item()).isPositive();
      assertThatThrownBy(() -> opened.inner(layers.get(1), second, layers.get(0)))
          .isInstanceOf(BadInputException.class)
          .hasMessageEndingWith("alone: it needs input z as well");
    }
  }

  @Test
  void aConditionalOneIsNotCut() {
    PictureSpace space = new PictureSpace(new Shape(28, 28), 0, 1, 3);
    OnnxModel generator = Generators.convolutional(space, LATENT, 2, Run.of(1));
    try (OpenedPrior opened =
        new Prior(generator, Optional.empty(), space, LATENT, "fresh").open(Run.of(0))) {
      assertThat(opened.layers()).isEmpty();
    }
  }

  private static GraphBuilder graph() {
    GraphBuilder graph = new GraphBuilder("brought");
    graph.input("z", ElementType.FLOAT, "N", 4);
    for (String name : List.of("a", "b", "c", "d")) {
      float[] weights = new float[16];
      for (int i = 0; i < 16; i++) {
        weights[i] = (float) Math.sin(i + name.charAt(0));
      }
      graph.initializer(name, weights, 4, 4);
    }
    return graph;
  }

  private static String dense(GraphBuilder graph, String from, String weights) {
    String product = graph.node("MatMul", from, weights).to(weights + ".product");
    return graph.node("Tanh", product).to(weights + ".tanh");
  }

  private static List<String> layers(GraphBuilder graph, String last) {
    graph.output(last, ElementType.FLOAT, "N", 4);
    try (OpenedPrior opened = Prior.of(graph.build(), VECTOR).open(Run.of(0))) {
      return opened.layers();
    }
  }

  @Test
  void whatEveryLayerIsGivenIsACutButNotTheVectorItself() {
    GraphBuilder graph = graph();
    String flat = graph.node("Flatten", "z").with("axis", 1).to("flat");
    String end = dense(graph, dense(graph, dense(graph, flat, "a"), "b"), "c");
    assertThat(layers(graph, end)).containsExactly("a.tanh", "b.tanh");
  }

  @Test
  void insideABranchThereIsNoCutBehindItThereIs() {
    GraphBuilder graph = graph();
    String from = dense(graph, "z", "a");
    String branch = dense(graph, dense(graph, from, "b"), "c");
    String sum = graph.node("Add", from, branch).to("sum");
    assertThat(layers(graph, dense(graph, sum, "d"))).containsExactly("a.tanh", "sum");
  }

  @Test
  void whereTheVectorIsHeardAgainThereIsNone() {
    GraphBuilder graph = graph();
    String first = graph.node("Mul", dense(graph, "z", "a"), "z").to("first");
    String second = graph.node("Mul", dense(graph, first, "b"), "z").to("second");
    assertThat(layers(graph, second)).isEmpty();
  }

  @Test
  void oneLayerHasNothingInside() {
    GraphBuilder graph = graph();
    assertThat(layers(graph, dense(graph, "z", "a"))).isEmpty();
  }

  /** The rows lie on another axis inside. */
  @Test
  void aValueThatDoesNotHoldARowForEachVectorIsNone() {
    GraphBuilder graph = graph();
    String inner = dense(graph, "z", "a");
    String turned = graph.node("Transpose", inner).with("perm", new long[] {1, 0}).to("turned");
    String mixed = graph.node("MatMul", "b", turned).to("mixed");
    String back = graph.node("Transpose", mixed).with("perm", new long[] {1, 0}).to("back");
    assertThat(layers(graph, dense(graph, back, "c"))).containsExactly("back");
  }
}
