package io.afterimage.graph;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** One test of the ONNX backend suite: a model, inputs, and the outputs that are expected. */
record BackendCase(ZipFile zip, String folder) {
  private static final String MODEL = "model.onnx";
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  /** All tests of a suite, by name. */
  static List<BackendCase> all(ZipFile zip) {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(n -> n.endsWith("/" + MODEL))
        .map(n -> new BackendCase(zip, n.substring(0, n.length() - MODEL.length())))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  /** {@code node}, {@code simple}, … */
  String kind() {
    return folder.split("/", -1)[0];
  }

  /** {@code test_abs}; no two tests of the suite share it. */
  String name() {
    return folder.split("/", -1)[1];
  }

  /** Why it does not agree: a refusal in words, or the first difference; empty where it agrees. */
  Optional<String> failure() {
    try {
      OnnxModel model = model();
      List<String> differences = new ArrayList<>();
      for (int set = 0; zip.getEntry(data(set, "output_0.pb")) != null; set++) {
        int number = set;
        TensorScope.run(() -> differences.addAll(differences(model, number)));
      }
      return differences.stream().findFirst();
    } catch (BadInputException e) {
      return Optional.of(String.valueOf(e.getMessage()).replace(folder + ": ", ""));
    }
  }

  /** The newest operator set that its model imports from any of the standard's domains. */
  long opset() {
    try {
      return ModelProto.parseFrom(bytes(folder + MODEL)).getOpsetImportList().stream()
          .filter(o -> o.getDomain().isEmpty())
          .mapToLong(OperatorSetIdProto::getVersion)
          .max()
          .orElse(0);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  OnnxModel model() {
    return OnnxModel.read(bytes(folder + MODEL), folder);
  }

  /** What its first set of data gives to the model, in the innermost scope. */
  Map<String, Value> inputs(OnnxModel model) {
    return values(model.graph().getInputList(), 0, "input_");
  }

  private String data(int set, String file) {
    return folder + "test_data_set_" + set + "/" + file;
  }

  private List<String> differences(OnnxModel model, int set) {
    Map<String, Value> inputs = values(model.graph().getInputList(), set, "input_");
    Map<String, Value> expected = values(model.graph().getOutputList(), set, "output_");
    try (Interpreter interpreter = Interpreter.of(model)) {
      Map<String, Value> actual = interpreter.run(inputs, expected.keySet());
      return expected.keySet().stream()
          .map(name -> difference(value(expected, name), value(actual, name)))
          .filter(d -> !d.isEmpty())
          .toList();
    }
  }

  private static Value value(Map<String, Value> values, String name) {
    return requireNonNull(values.get(name));
  }

  private Map<String, Value> values(List<ValueInfoProto> infos, int set, String kind) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < infos.size(); i++) {
      String file = data(set, kind + i + ".pb");
      if (zip.getEntry(file) != null) {
        ByteString bytes = ByteString.copyFrom(bytes(file));
        values.put(infos.get(i).getName(), value(infos.get(i).getType(), bytes));
      }
    }
    return values;
  }

  // ---- comparing

  private static String difference(Value expected, Value actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return "shape "
          + Arrays.toString(actual.shape())
          + " not "
          + Arrays.toString(expected.shape());
    }
    if (expected instanceof Value.Numbers want && actual instanceof Value.Numbers have) {
      return difference(
          want.tensor().toDoubles(), have.tensor().toDoubles(), want.tensor().dtype());
    }
    if (expected instanceof Value.Sequence want && actual instanceof Value.Sequence have) {
      return differences(want.values(), have.values());
    }
    if (expected instanceof Value.Option want && actual instanceof Value.Option have) {
      return differences(want.value().stream().toList(), have.value().stream().toList());
    }
    if (expected instanceof Value.Dictionary want && actual instanceof Value.Dictionary have) {
      return differences(List.of(want.keys(), want.values()), List.of(have.keys(), have.values()));
    }
    if (expected instanceof Value.Strings want && actual instanceof Value.Strings have) {
      return want.values().equals(have.values()) ? "" : "texts differ";
    }
    return "is a " + actual.getClass().getSimpleName();
  }

  private static String differences(List<Value> expected, List<Value> actual) {
    for (int i = 0; i < expected.size(); i++) {
      String difference = difference(expected.get(i), actual.get(i));
      if (!difference.isEmpty()) {
        return "value " + i + ": " + difference;
      }
    }
    return "";
  }

  private static String difference(double[] expected, double[] actual, DType type) {
    double relative = Math.max(RELATIVE, resolution(type));
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          Double.compare(expected[i], actual[i]) == 0
              || Math.abs(expected[i] - actual[i]) <= ABSOLUTE + relative * Math.abs(expected[i]);
      if (!same) {
        return "element %d is %s, not %s".formatted(i, actual[i], expected[i]);
      }
    }
    return "";
  }

  /** Two steps between neighbouring numbers of the short types. */
  private static double resolution(DType type) {
    return switch (type) {
      case HALF -> 0x1p-9;
      case BFLOAT16 -> 0x1p-6;
      default -> 0;
    };
  }

  // ---- reading

  private byte[] bytes(String name) {
    try {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where SequenceProto and OptionalProto hold a tensor, a sequence and a map. */
  private static int field(TypeProto type) {
    return switch (type.getValueCase()) {
      case SEQUENCE_TYPE -> 5;
      case MAP_TYPE -> 6;
      default -> 3;
    };
  }

  private static Value value(TypeProto type, ByteString bytes) {
    try {
      return switch (type.getValueCase()) {
        case SEQUENCE_TYPE ->
            new Value.Sequence(parts(type.getSequenceType().getElemType(), bytes));
        case OPTIONAL_TYPE ->
            new Value.Option(
                parts(type.getOptionalType().getElemType(), bytes).stream().findFirst());
        case MAP_TYPE -> dictionary(type.getMapType(), bytes);
        default -> TensorData.value(TensorProto.parseFrom(bytes));
      };
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Value> parts(TypeProto type, ByteString bytes)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes).getField(field(type)).getLengthDelimitedList().stream()
        .map(part -> value(type, part))
        .toList();
  }

  /** MapProto: whole keys in field 3, texts in 4, a SequenceProto of the values in 5. */
  private static Value dictionary(TypeProto.Map type, ByteString bytes)
      throws InvalidProtocolBufferException {
    UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
    List<String> texts =
        fields.getField(4).getLengthDelimitedList().stream().map(ByteString::toStringUtf8).toList();
    long[] numbers =
        fields.getField(3).getVarintList().stream().mapToLong(Long::longValue).toArray();
    Value keys =
        texts.isEmpty()
            ? Value.of(Tensors.of(numbers, numbers.length))
            : new Value.Strings(texts, new long[] {texts.size()});
    ByteString sequence = fields.getField(5).getLengthDelimitedList().get(0);
    double[] values =
        parts(type.getValueType(), sequence).stream()
            .mapToDouble(v -> ((Value.Numbers) v).tensor().item())
            .toArray();
    return new Value.Dictionary(keys, Value.of(Tensors.of(values, values.length)));
  }
}
