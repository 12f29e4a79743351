package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.base.OutputFile;
import io.afterimage.graph.TensorData.Numbers;
import io.afterimage.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model in ONNX, parsed and checked. Immutable; holds nothing native. */
public final class OnnxModel {
  /** Largest model that is read, its data in other files included. */
  public static final long MAX_BYTES = 1L << 30;

  private final String name;
  private final ModelProto proto;
  private final byte[] bytes;
  private final List<Node> nodes;
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<String, Node> producers = new HashMap<>();

  /** The parameters of which the user says whether they are trained. */
  private final Map<String, Boolean> chosen;

  private OnnxModel(String name, ModelProto proto, byte[] bytes) {
    this(name, proto, bytes, Map.of());
  }

  private OnnxModel(String name, ModelProto proto, byte[] bytes, Map<String, Boolean> chosen) {
    this.chosen = chosen;
    List<NodeProto> sorted = Checker.check(proto, name);
    ModelProto whole = Functions.inlined(proto, name);
    if (proto.getFunctionsCount() > 0) {
      sorted = Checker.check(whole, name);
    }
    this.name = name;
    this.proto = whole;
    this.bytes = bytes;
    Naming naming = naming();
    this.nodes = sorted.stream().map(n -> Node.of(n, naming)).toList();
    whole.getGraph().getInitializerList().forEach(t -> initializers.put(t.getName(), t));
    Set<String> names = new HashSet<>(initializers.keySet());
    whole.getGraph().getInputList().forEach(i -> names.add(i.getName()));
    nodes.forEach(node -> index(node, names));
  }

  /** Indexes a node and those inside it. */
  private void index(Node node, Set<String> names) {
    for (Subgraph subgraph : node.attributes().subgraphs()) {
      subgraph.inputs().forEach(i -> requireNew(i, names));
      subgraph.initializers().keySet().forEach(i -> requireNew(i, names));
      initializers.putAll(subgraph.initializers());
      subgraph.nodes().forEach(inner -> index(inner, names));
    }
    for (String output : Outputs.names(node)) {
      requireNew(output, names);
      producers.put(output, node);
    }
  }

  private void requireNew(String value, Set<String> names) {
    if (!names.add(value)) {
      throw new BadInputException("%s: two values are called %s".formatted(name, value));
    }
  }

  /** What the names in its main graph stand for. */
  Naming naming() {
    return Naming.main(name, opsets());
  }

  /** Reads and checks a model file; tensors in other files of its folder are read into it. */
  public static OnnxModel read(Path file) {
    String name = String.valueOf(file.getFileName());
    Checks.check(Files.isRegularFile(file), "no model file %s", file);
    try {
      ForeignFormat.refuse(name, head(file));
      long size = Files.size(file);
      long limit = limit();
      Checks.check(
          size <= limit,
          "%s has %d bytes; models of up to %d bytes are read (more with a larger Java heap: -Xmx)",
          name,
          size,
          limit);
      Path folder = file.toAbsolutePath().getParent();
      return parse(Files.readAllBytes(file), name, Optional.ofNullable(folder));
    } catch (IOException e) {
      throw new BadInputException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Checks a model in memory; the name is for messages. */
  public static OnnxModel read(byte[] bytes, String name) {
    ForeignFormat.refuse(name, Arrays.copyOf(bytes, Math.min(bytes.length, ForeignFormat.HEAD)));
    return parse(bytes, name, Optional.empty());
  }

  static OnnxModel of(ModelProto proto, String name) {
    return new OnnxModel(name, proto, proto.toByteArray());
  }

  private static OnnxModel parse(byte[] bytes, String name, Optional<Path> folder) {
    try {
      ModelProto proto = ModelProto.parseFrom(bytes);
      requireModel(proto, bytes, name);
      ModelProto whole = new ExternalData(folder, name, limit() - bytes.length).inlined(proto);
      return new OnnxModel(name, whole, whole.equals(proto) ? bytes : whole.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw notOnnx(bytes, name, unreadable(e), e);
    } catch (OutOfMemoryError e) {
      // Thousands of empty messages fit in a few bytes: the file's size bounds the heap only
      // loosely.
      throw new BadInputException(
          name + " does not fit into the Java heap; give it more with -Xmx", e);
    }
  }

  private static String unreadable(InvalidProtocolBufferException e) {
    return String.valueOf(e.getMessage()).contains("levels of nesting")
        ? "its graphs are nested too deep"
        : "it is cut off or damaged";
  }

  private static void requireModel(ModelProto proto, byte[] bytes, String name) {
    if (!proto.hasGraph() || proto.getGraph().getNodeCount() == 0) {
      throw notOnnx(bytes, name, "it holds no graph", new IllegalStateException("no graph"));
    }
  }

  private static BadInputException notOnnx(
      byte[] bytes, String name, String reason, Exception cause) {
    String like =
        ForeignFormat.looksLike(Arrays.copyOf(bytes, Math.min(bytes.length, ForeignFormat.HEAD)))
            .map(l -> "it is " + l)
            .orElse(reason);
    return new BadInputException(
        name + " is not a readable ONNX model: " + like + "; export the model again", cause);
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(ForeignFormat.HEAD);
    }
  }

  // Parsing takes a few times the file's size on the heap.
  private static long limit() {
    return Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 3);
  }

  // ---- what it holds

  /** The file's name. */
  public String name() {
    return name;
  }

  /** The model as a file would hold it, every tensor inside. Not a copy: do not change it. */
  public byte[] bytes() {
    return bytes;
  }

  /** Of {@link #bytes}, in hexadecimal: that of the file, unless data were in other files. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Writes it, so that the file is either whole or not there. */
  public void write(Path file) {
    OutputFile.write(file, out -> out.write(bytes));
  }

  /** The version of each operator set that it imports, by domain. */
  public Map<String, Long> opsets() {
    Map<String, Long> opsets = new LinkedHashMap<>();
    for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
      opsets.put(opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain(), opset.getVersion());
    }
    return opsets;
  }

  /** The version of a domain's operator set; 1 where it imports none. */
  public long opset(String domain) {
    return opsets().getOrDefault(domain, 1L);
  }

  /** What must be given to it. Inputs with a default (an initializer) are not among them. */
  public List<ValueInfo> inputs() {
    return proto.getGraph().getInputList().stream()
        .filter(i -> !initializers.containsKey(i.getName()))
        .map(i -> ValueInfo.of(i, i.getName()))
        .toList();
  }

  /** What may be given instead of a tensor stored in it. */
  public List<ValueInfo> defaults() {
    return proto.getGraph().getInputList().stream()
        .filter(i -> initializers.containsKey(i.getName()))
        .map(i -> ValueInfo.of(i, i.getName()))
        .toList();
  }

  ValueInfo input(String value) {
    return proto.getGraph().getInputList().stream()
        .filter(i -> i.getName().equals(value))
        .map(i -> ValueInfo.of(i, value))
        .findFirst()
        .orElseThrow();
  }

  /** What it answers. */
  public List<ValueInfo> outputs() {
    return proto.getGraph().getOutputList().stream()
        .map(o -> ValueInfo.of(o, o.getName()))
        .toList();
  }

  /** Its operators, each after those that it needs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The operator that computes a value; empty for what is given or stored. */
  public Optional<Node> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** Its operators and those inside them, however deep. */
  List<Node> allNodes() {
    return nodes.stream().flatMap(Node::withNested).toList();
  }

  /**
   * What nothing bounds in time, in words: its Loops, or its functions, which may hold some. Empty
   * where it always ends.
   */
  public Optional<String> endless() {
    List<String> loops =
        allNodes().stream().filter(node -> node.is("Loop")).map(Node::label).toList();
    if (loops.isEmpty()) {
      return proto.getFunctionsCount() == 0 ? Optional.empty() : Optional.of("functions");
    }
    String others = loops.size() == 1 ? "" : " and %d more".formatted(loops.size() - 1);
    return Optional.of(loops.get(0) + others);
  }

  /** The operators that read a value, those in subgraphs among them. */
  public List<Node> consumers(String value) {
    return allNodes().stream().filter(n -> n.inputs().contains(value)).toList();
  }

  /** The values that a value is computed from, itself included, by name. */
  public Set<String> neededFor(String value) {
    Set<String> needed = new HashSet<>(Set.of(value));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (Outputs.names(nodes.get(i)).stream().anyMatch(needed::contains)) {
        needed.addAll(nodes.get(i).reads());
      }
    }
    needed.remove("");
    return needed;
  }

  /** Names of the tensors stored in it and in its subgraphs. */
  public List<String> initializers() {
    return List.copyOf(initializers.keySet());
  }

  /**
   * The texts of a constant, or its whole numbers as texts: the names of classes, where a graph
   * looks its label up. Empty where the value is computed or holds something else.
   */
  public List<String> constantTexts(String value) {
    return Parameters.constant(this, value).map(TensorData::texts).orElse(List.of());
  }

  /** Its parameters and its frozen tensors. */
  public List<Parameter> parameters() {
    return Parameters.of(this).stream()
        .map(p -> p.trained(chosen.getOrDefault(p.name(), p.trainable())))
        .toList();
  }

  /**
   * The same model with other parameters to train: those that match a pattern of {@code train} are,
   * others that match one of {@code freeze} are not, the rest as they were. A pattern's {@code *}
   * stands for any text and its {@code ?} for one character. Averages of batch normalisation are
   * never trained.
   *
   * @throws BadInputException where a pattern matches nothing
   */
  public OnnxModel training(List<String> train, List<String> freeze) {
    return new OnnxModel(name, proto, bytes, Selection.of(this, train, freeze));
  }

  /** How many numbers in it can be trained. */
  public long parameterCount() {
    return parameters().stream().filter(Parameter::trainable).mapToLong(Parameter::count).sum();
  }

  /** The same model with other numbers in some parameters, by name. */
  public OnnxModel withParameters(Map<String, float[]> values) {
    Map<String, Numbers> numbers = new LinkedHashMap<>();
    values.forEach((parameter, floats) -> numbers.put(parameter, Numbers.of(floats)));
    return withProto(Parameters.exchange(this, numbers));
  }

  /**
   * The same model with what these tensors hold in some parameters, by name, as precisely as the
   * parameter's own type can.
   */
  public OnnxModel withWeights(Map<String, Tensor> weights) {
    Map<String, Numbers> numbers = new LinkedHashMap<>();
    weights.forEach((parameter, tensor) -> numbers.put(parameter, Numbers.of(tensor)));
    return withProto(Parameters.exchange(this, numbers));
  }

  /** Another graph of the same name in which the same parameters are trained. */
  OnnxModel withProto(ModelProto changed) {
    return new OnnxModel(name, changed, changed.toByteArray(), chosen);
  }

  Optional<TensorProto> initializer(String value) {
    return Optional.ofNullable(initializers.get(value));
  }

  GraphProto graph() {
    return proto.getGraph();
  }

  ModelProto proto() {
    return proto;
  }
}
