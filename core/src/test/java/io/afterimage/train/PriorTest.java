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
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generators that users bring. */
@ExtendWith(NoLeakedTensors.class)
class PriorTest {
  private static final Shape EXPECTED = new Shape(1, 2, 3);

  /** z, [N, 4] or [N, 4, 1, 1], times a matrix, as pictures of 1 x 2 x 3. */
  private static GraphBuilder graph(ElementType type, Object... dimensions) {
    GraphBuilder graph = new GraphBuilder("brought");
    graph.input("z", type, dimensions);
    float[] weights = new float[4 * 6];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 5 - 2;
    }
    graph.initializer("w", weights, 4, 6);
    return graph;
  }

  private static OnnxModel finished(GraphBuilder graph, String z, Object batch) {
    String flat = graph.node("Flatten", z).with("axis", 1).to("flat");
    String product = graph.node("MatMul", flat, "w").to("product");
    String shape = graph.initializer("shape", new long[] {-1, 1, 2, 3}, 4);
    graph.node("Reshape", product, shape).to("made");
    graph.output("made", ElementType.FLOAT, batch, 1, 2, 3);
    return graph.build();
  }

  private static void refused(OnnxModel generator, String why) {
    assertThatThrownBy(() -> Prior.of(generator, EXPECTED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("brought")
        .hasMessageContaining(why);
  }

  @Test
  void aVectorIsTakenFlatOrAsAPictureOfOnePixel() {
    for (Object[] dimensions : new Object[][] {{"N", 4}, {"N", 4, 1, 1}, {1, 4, 1, 1}}) {
      OnnxModel model = finished(graph(ElementType.FLOAT, dimensions), "z", dimensions[0]);
      Prior prior = Prior.of(model, EXPECTED);
      assertThat(prior.latent()).isEqualTo(4);
      assertThat(prior.classes()).isZero();
      assertThat(prior.critic()).isEmpty();
      assertThat(prior.picture()).isEqualTo(EXPECTED);
      assertThat(prior.origin()).isEqualTo("brought by the user: brought");
      assertSlopesOfTheMatrix(prior);
    }
  }

  /** The gradient of a pixel with respect to z is its column of the matrix. */
  private static void assertSlopesOfTheMatrix(Prior prior) {
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(1)) {
      TensorScope.run(
          () -> {
            Tensor z = opened.latents(3, draws).requireGrad();
            Tensor made = opened.pictures(z);
            assertThat(made.shape()).containsExactly(3, 1, 2, 3);
            Tensor pixel = made.flatten(1).select(1, 4).sum();
            float[] slopes = Autograd.gradients(pixel, List.of(z), false).get(0).toFloats();
            assertThat(slopes).containsExactly(2, -2, -1, 0, 2, -2, -1, 0, 2, -2, -1, 0);
          });
      assertThatThrownBy(() -> TensorScope.run(() -> opened.scores(draws.normal(1, 1, 2, 3))))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no critic");
    }
  }

  @Test
  void whatDoesNotFitIsNamed() {
    refused(finished(graph(ElementType.FLOAT, "N", 2, 2), "z", "N"), "N x k");
    refused(finished(graph(ElementType.FLOAT, "N", 2, 2, 1), "z", "N"), "N x 2 x 2 x 1");
    refused(finished(graph(ElementType.FLOAT, "N", "k"), "z", "N"), "k fixed");
    OnnxModel fits = finished(graph(ElementType.FLOAT, "N", 4), "z", "N");
    assertThatThrownBy(() -> Prior.of(fits, new Shape(1, 3, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("[2, 1, 2, 3]")
        .hasMessageContaining("1x3x2 is expected");
    GraphBuilder whole = graph(ElementType.INT64, "N", 4);
    String cast = whole.node("Cast", "z").with("to", ElementType.FLOAT.code()).to("cast");
    refused(finished(whole, cast, "N"), "takes int64");
    GraphBuilder two = graph(ElementType.FLOAT, "N", 4);
    two.input("style", ElementType.FLOAT, "N", 4);
    refused(finished(two, two.node("Add", "z", "style").to("sum"), "N"), "has 2 inputs");
  }

  @Test
  void aGeneratorThatMixesItsVectorsIsRefused() {
    refused(
        with(graph -> graph.node("Softmax", "z").with("axis", 0).to("changed"), 3),
        "takes exactly 3 latent vectors at once");
  }

  @Test
  void aGeneratorOfNumbersThatAreNoneIsRefused() {
    refused(
        with(graph -> graph.node("Log", "z").to("changed"), "N"), "of a latent vector of zeros");
  }

  /** Sigmoids of the latent numbers, stretched and moved. */
  private static Prior between(float low, float high) {
    GraphBuilder graph = new GraphBuilder("brought");
    graph.input("z", ElementType.FLOAT, "N", 6);
    String shares = graph.node("Sigmoid", "z").to("shares");
    String width = graph.initializer("width", new float[] {high - low}, 1);
    String moved =
        graph
            .node(
                "Add",
                graph.node("Mul", shares, width).to("wide"),
                graph.initializer("low", new float[] {low}, 1))
            .to("moved");
    String shape = graph.initializer("shape", new long[] {-1, 1, 2, 3}, 4);
    graph.node("Reshape", moved, shape).to("made");
    graph.output("made", ElementType.FLOAT, "N", 1, 2, 3);
    return Prior.of(graph.build(), EXPECTED);
  }

  @Test
  void picturesInTheTargetsUnitsPass() {
    between(0, 1).requireRange(0, 1, Run.of(1));
    between(-0.2f, 1.2f).requireRange(0, 1, Run.of(1));
    between(0.4f, 0.6f).requireRange(0, 1, Run.of(1));
    between(0, 255).requireRange(0, 255, Run.of(1));
  }

  /** As a tanh gives them, as bytes, and as shares of what are bytes to the target. */
  @ParameterizedTest
  @CsvSource({"-1, 1, 0, 1", "0, 255, 0, 1", "0, 1, 0, 255", "0, 1.6, 0, 1", "-0.6, 1, 0, 1"})
  void picturesInOtherUnitsAreRefused(float low, float high, double least, double most) {
    Prior prior = between(low, high);
    assertThatThrownBy(() -> prior.requireRange(least, most, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("generator brought makes pictures of numbers from ")
        .hasMessageContaining("the target takes pictures of 0.000 to ")
        .hasMessageEndingWith("; rescale its last layer to the target's units");
  }

  @Test
  void aGeneratorThatAlwaysMakesOneGreyIsRefused() {
    Prior grey = between(0.5f, 0.5f);
    assertThatThrownBy(() -> grey.requireRange(0, 1, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("from 0.5000 to 0.5000");
  }

  /** One pixel in a hundred may be anywhere: numbers above 2.6 are 0.5% of them, above 2 2.3%. */
  @Test
  void aStrayPixelIsNoOtherUnit() {
    spiky(2.6f).requireRange(0, 1, Run.of(1));
    assertThatThrownBy(() -> spiky(2).requireRange(0, 1, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("rescale");
  }

  /** Sigmoids of 400 latent numbers, far brighter where these are above so much. */
  private static Prior spiky(float above) {
    GraphBuilder graph = new GraphBuilder("spiky");
    graph.input("z", ElementType.FLOAT, "N", 400);
    String least = graph.initializer("least", new float[] {above}, 1);
    String spikes = graph.node("Relu", graph.node("Sub", "z", least).to("over")).to("spikes");
    String factor = graph.initializer("factor", new float[] {1000}, 1);
    String bright = graph.node("Mul", spikes, factor).to("bright");
    String shares = graph.node("Sigmoid", "z").to("shares");
    String summed = graph.node("Add", shares, bright).to("summed");
    String shape = graph.initializer("shape", new long[] {-1, 1, 20, 20}, 4);
    graph.node("Reshape", summed, shape).to("made");
    graph.output("made", ElementType.FLOAT, "N", 1, 20, 20);
    return Prior.of(graph.build(), new Shape(1, 20, 20));
  }

  private static OnnxModel with(Consumer<GraphBuilder> change, Object batch) {
    GraphBuilder graph = graph(ElementType.FLOAT, batch, 4);
    change.accept(graph);
    return finished(graph, "changed", batch);
  }
}
