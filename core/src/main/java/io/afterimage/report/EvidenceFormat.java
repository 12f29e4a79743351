package io.afterimage.report;

import io.afterimage.data.NpyArray;
import io.afterimage.data.NpzWriter;
import io.afterimage.data.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * How evidence is written: the record as JSON, its arrays of numbers in an archive beside it. In
 * the JSON an array is the name of its entry there.
 */
final class EvidenceFormat {
  /** Greatest size of the JSON that is read: the ids of some five million people. */
  static final long MOST_BYTES = 1L << 28;

  private EvidenceFormat() {}

  /** A mapper that puts every array into this archive. */
  static JsonMapper writing(NpzWriter archive) {
    Entries entries = new Entries(archive);
    SimpleModule module =
        new SimpleModule()
            .addSerializer(
                Shape.class, serializer((shape, out) -> entries.ints(shape.extents(), out)))
            .addSerializer(float[].class, serializer(entries::floats))
            .addSerializer(double[].class, serializer(entries::doubles))
            .addSerializer(int[].class, serializer(entries::ints));
    return mapper(module);
  }

  /** A mapper that takes every array from these. */
  static JsonMapper reading(Map<String, NpyArray> arrays) {
    SimpleModule module =
        new SimpleModule()
            .addDeserializer(Shape.class, deserializer(in -> new Shape(ints(entry(in, arrays)))))
            .addDeserializer(float[].class, deserializer(in -> floats(entry(in, arrays))))
            .addDeserializer(double[].class, deserializer(in -> doubles(entry(in, arrays))))
            .addDeserializer(int[].class, deserializer(in -> ints(entry(in, arrays))));
    return mapper(module);
  }

  private static JsonMapper mapper(SimpleModule module) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxDocumentLength(MOST_BYTES)
            .maxNestingDepth(16)
            .maxStringLength(1 << 20)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .addModule(module)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  /** Names the entries by where the array stands, numbered so that no two are alike. */
  private static final class Entries {
    private final NpzWriter archive;
    private int count;

    Entries(NpzWriter archive) {
      this.archive = archive;
    }

    void floats(float[] values, JsonGenerator out) throws IOException {
      archive.put(named(out), values);
    }

    void doubles(double[] values, JsonGenerator out) throws IOException {
      archive.put(named(out), values);
    }

    void ints(int[] values, JsonGenerator out) throws IOException {
      archive.put(named(out), values);
    }

    private String named(JsonGenerator out) {
      String place = out.streamWriteContext().pathAsPointer().toString();
      String name = count++ + place.replaceAll("[^A-Za-z0-9]+", "-");
      out.writeString(name);
      return name;
    }
  }

  private static NpyArray entry(JsonParser in, Map<String, NpyArray> arrays) {
    NpyArray array = arrays.get(in.getString());
    if (array == null || array.isText()) {
      throw new IllegalArgumentException("the array " + in.getString() + " is missing");
    }
    return array;
  }

  private static float[] floats(NpyArray array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.number(i);
    }
    return values;
  }

  private static double[] doubles(NpyArray array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.number(i);
    }
    return values;
  }

  private static int[] ints(NpyArray array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(array.integer(i));
    }
    return values;
  }

  @FunctionalInterface
  private interface Write<T> {
    void to(T value, JsonGenerator out) throws IOException;
  }

  private static <T> ValueSerializer<T> serializer(Write<T> write) {
    return new ValueSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator out, SerializationContext context) {
        try {
          write.to(value, out);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static <T> ValueDeserializer<T> deserializer(Function<JsonParser, T> read) {
    return new ValueDeserializer<>() {
      @Override
      public T deserialize(JsonParser in, DeserializationContext context) {
        return read.apply(in);
      }
    };
  }
}
