package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What is fuzzed. Each target answers whether its model was accepted; a refusal is a
 * BadInputException of one line. Anything else is a finding: another exception, a message of
 * several lines, a tensor left behind, more than {@link #LIMIT} of processor time, or more memory
 * than is allowed: {@link Checker#MAX_VALUE_BYTES} for a value, and on the Java heap what -Xmx
 * says.
 */
final class FuzzTargets {
  static final Duration LIMIT = Duration.ofSeconds(10);

  // Of the thread: a busy machine is no finding.
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private static final int MOST_LOOKED_AT = 1 << 20;
  private static final String NAME = "fuzz.onnx";
  private static final List<ModelProto> DONORS = FuzzDonors.all();

  private FuzzTargets() {}

  /** The parser and the checker on bytes. */
  static boolean parse(byte[] bytes) {
    return holds(() -> looked(OnnxModel.read(bytes, NAME)));
  }

  /** The checker on a sound model that is damaged as the script says. */
  static boolean check(byte[] script) {
    ModelProto model = MutatedModel.of(DONORS, new Script(script));
    return reproducible(model, () -> looked(OnnxModel.of(model, NAME)));
  }

  /** The interpreter on such a model, with inputs that the script chooses as well. */
  static boolean execute(byte[] bytes) {
    Script script = new Script(bytes);
    ModelProto model = MutatedModel.of(DONORS, script);
    return reproducible(model, () -> executed(OnnxModel.of(model, NAME), script));
  }

  /** The interpreter on a model as it stands. */
  static boolean executeModel(byte[] bytes) {
    return holds(() -> executed(OnnxModel.read(bytes, NAME), new Script(new byte[0])));
  }

  @SuppressWarnings("CatchingUnchecked") // a finding is whatever comes
  private static boolean reproducible(ModelProto model, BooleanSupplier work) {
    try {
      return holds(work);
    } catch (RuntimeException | Error e) {
      String bytes = Base64.getEncoder().encodeToString(model.toByteArray());
      throw new AssertionError("on the model " + bytes, e);
    }
  }

  private static boolean holds(BooleanSupplier work) {
    long started = CLOCK.getCurrentThreadCpuTime();
    long live = TensorScope.live();
    boolean accepted = accepts(work);
    assertThat(TensorScope.live()).as("live tensors").isEqualTo(live);
    assertThat(Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - started)).isLessThan(LIMIT);
    return accepted;
  }

  private static boolean accepts(BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (BadInputException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      return false;
    }
  }

  private static boolean looked(OnnxModel model) {
    Interpreter.supports(model);
    model.parameters();
    model.outputs().forEach(output -> Outputs.finalScores(model, output.name()));
    return true;
  }

  private static boolean executed(OnnxModel model, Script script) {
    List<String> outputs = model.outputs().stream().map(ValueInfo::name).toList();
    TensorScope.run(
        () -> {
          try (Interpreter interpreter = Interpreter.of(model)) {
            Map<String, Value> answers = interpreter.run(inputs(model, script), outputs);
            outputs.forEach(o -> requireNonNull(answers.get(o)).forEach(FuzzTargets::look));
          }
        });
    return true;
  }

  // Memory that is not the tensor's would show here; a copy of a huge one would fill the heap.
  private static void look(Tensor tensor) {
    if (tensor.count() <= MOST_LOOKED_AT) {
      assertThat(tensor.toDoubles()).hasSize((int) tensor.count());
    }
  }

  // What is no tensor, or a large one, is left out: the interpreter asks for it in one line.
  private static Map<String, Value> inputs(OnnxModel model, Script script) {
    HostileTensors tensors = new HostileTensors(script);
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (ValueInfo info : model.inputs()) {
      TensorProto.Builder tensor = TensorProto.newBuilder();
      for (ValueInfo.Dimension dimension : info.dimensions()) {
        tensor.addDims(dimension.isFixed() ? dimension.extent() : tensors.extent());
      }
      if (info.element().isPresent() && HostileTensors.isSmall(tensor)) {
        tensor.setDataType(info.element().orElseThrow().code());
        inputs.put(info.name(), TensorData.value(tensors.filled(tensor).build()));
      }
    }
    return inputs;
  }
}
