package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.afterimage.base.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads tensors that a model keeps in files beside it into the model. Only files within the model's
 * own folder are opened: neither a path nor a link leads out of it.
 */
final class ExternalData {
  private final Optional<Path> folder;
  private final String model;
  private long left;

  ExternalData(Optional<Path> folder, String model, long limit) {
    this.folder = folder;
    this.model = model;
    this.left = limit;
  }

  /** The model with every external tensor of its main graph inside it; itself where none is. */
  ModelProto inlined(ModelProto proto) {
    GraphProto graph = proto.getGraph();
    if (graph.getInitializerList().stream().noneMatch(ExternalData::isExternal)) {
      return proto;
    }
    GraphProto.Builder builder = graph.toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (isExternal(graph.getInitializer(i))) {
        builder.setInitializer(i, read(graph.getInitializer(i)));
      }
    }
    return proto.toBuilder().setGraph(builder).build();
  }

  static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0;
  }

  private TensorProto read(TensorProto tensor) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    Path file = resolve(tensor, entries.getOrDefault("location", ""));
    long offset = number(tensor, entries, "offset", 0);
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "r")) {
      long length = number(tensor, entries, "length", Math.max(0, data.length() - offset));
      require(
          offset <= data.length() - length,
          "%s: the data of tensor %s reach past the end of %s",
          tensor.getName(),
          file.getFileName());
      require(
          length <= left,
          "%s: with tensor %s its data in %s exceed the limit for a model",
          tensor.getName(),
          file.getFileName());
      left -= length;
      byte[] bytes = new byte[(int) length];
      data.seek(offset);
      data.readFully(bytes);
      return tensor.toBuilder()
          .clearDataLocation()
          .clearExternalData()
          .setRawData(ByteString.copyFrom(bytes))
          .build();
    } catch (IOException e) {
      throw new BadInputException(
          "%s: cannot read %s, which holds the data of tensor %s: %s"
              .formatted(model, file.getFileName(), tensor.getName(), e.getMessage()),
          e);
    }
  }

  private Path resolve(TensorProto tensor, String location) {
    Path home =
        folder.orElseThrow(
            () ->
                new BadInputException(
                    "%s: tensor %s lies in another file (%s), but the model was not read from a"
                            .formatted(model, tensor.getName(), location)
                        + " folder"));
    try {
      Path file = home.resolve(location).normalize();
      require(
          !location.isEmpty() && file.startsWith(home.normalize()),
          "%s: the data of tensor %s are outside the model's folder (%s)",
          tensor.getName(),
          location);
      require(
          Files.isRegularFile(file),
          "%s: the data of tensor %s are missing: no file %s beside the model",
          tensor.getName(),
          location);
      require(
          file.toRealPath().startsWith(home.toRealPath()),
          "%s: the data of tensor %s are behind a link out of the model's folder (%s)",
          tensor.getName(),
          location);
      return file;
    } catch (InvalidPathException | IOException e) {
      throw new BadInputException(
          "%s: tensor %s names a file that cannot be opened (%s)"
              .formatted(model, tensor.getName(), location),
          e);
    }
  }

  private long number(TensorProto tensor, Map<String, String> entries, String key, long otherwise) {
    try {
      long value = entries.containsKey(key) ? Long.parseLong(entries.get(key)) : otherwise;
      require(
          value >= 0 && value <= 1L << 40,
          "%s: external data of tensor %s: %s is out of range",
          tensor.getName(),
          key);
      return value;
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "%s: external data of tensor %s: %s is not a number"
              .formatted(model, tensor.getName(), key),
          e);
    }
  }

  private void require(boolean condition, String message, String tensor, Object detail) {
    if (!condition) {
      throw new BadInputException(message.formatted(model, tensor, detail));
    }
  }
}
