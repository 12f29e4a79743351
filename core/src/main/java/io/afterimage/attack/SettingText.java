package io.afterimage.attack;

import io.afterimage.base.BadInputException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Values of settings as text and back: int, long, double, boolean, String, Path, enums ({@code
 * SEPARABLE_CMA} is typed {@code separable-cma}) and optionals of these, where {@code none} is the
 * empty one.
 */
final class SettingText {
  private static final String NONE = "none";

  /** What may be typed for a type, and how it is read. */
  private record Reader(String values, Function<String, Object> parse) {}

  private static final Reader INT = new Reader("a whole number", Integer::valueOf);
  private static final Reader LONG = new Reader("a whole number", Long::valueOf);
  private static final Reader DOUBLE = new Reader("a number", SettingText::finite);
  private static final Map<Type, Reader> READERS = new LinkedHashMap<>();

  static {
    READERS.put(int.class, INT);
    READERS.put(Integer.class, INT);
    READERS.put(long.class, LONG);
    READERS.put(Long.class, LONG);
    READERS.put(double.class, DOUBLE);
    READERS.put(Double.class, DOUBLE);
    READERS.put(boolean.class, new Reader("true | false", SettingText::truth));
    READERS.put(String.class, new Reader("text", text -> text));
    READERS.put(Path.class, new Reader("a path", Path::of));
    READERS.put(OptionalInt.class, orNone(INT, OptionalInt.empty(), v -> OptionalInt.of((int) v)));
    READERS.put(
        OptionalLong.class, orNone(LONG, OptionalLong.empty(), v -> OptionalLong.of((long) v)));
    READERS.put(
        OptionalDouble.class,
        orNone(DOUBLE, OptionalDouble.empty(), v -> OptionalDouble.of((double) v)));
  }

  private SettingText() {}

  /** What may be typed for a component of this type. */
  static String values(Type type) {
    return reader(type).values();
  }

  /** The value of a typed text; a BadInputException that names the option where it has none. */
  static Object read(String option, String text, Type type) {
    Reader reader = reader(type);
    try {
      return reader.parse().apply(text);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "%s must be %s, but is '%s'".formatted(option, reader.values(), text), e);
    }
  }

  /** A value as it would be typed. */
  static String write(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(SettingText::write).orElse(NONE);
    }
    if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? write(optional.getAsInt()) : NONE;
    }
    if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? write(optional.getAsLong()) : NONE;
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? write(optional.getAsDouble()) : NONE;
    }
    return value instanceof Enum<?> constant ? typed(constant) : value.toString();
  }

  private static Reader reader(Type type) {
    Reader simple = READERS.get(type);
    if (simple != null) {
      return simple;
    }
    if (type instanceof Class<?> c && c.isEnum()) {
      return choice(c);
    }
    if (type instanceof ParameterizedType p && p.getRawType() == Optional.class) {
      return orNone(reader(p.getActualTypeArguments()[0]), Optional.empty(), Optional::of);
    }
    throw new IllegalArgumentException("no text form for settings of type " + type.getTypeName());
  }

  private static Reader choice(Class<?> type) {
    Map<String, Object> constants =
        Arrays.stream(type.getEnumConstants())
            .map(c -> (Enum<?>) c)
            .collect(
                Collectors.toMap(
                    SettingText::typed, c -> c, (first, second) -> first, LinkedHashMap::new));
    return new Reader(
        String.join(" | ", constants.keySet()),
        text ->
            Optional.ofNullable(constants.get(text)).orElseThrow(IllegalArgumentException::new));
  }

  private static Reader orNone(Reader reader, Object empty, Function<Object, Object> wrap) {
    return new Reader(
        reader.values() + " or " + NONE,
        text -> text.equals(NONE) ? empty : wrap.apply(reader.parse().apply(text)));
  }

  private static String typed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object finite(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
