package io.afterimage.attack;

import io.afterimage.base.BadInputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The settings of an attack as named options: {@code learningRate} becomes {@code learning-rate},
 * with its {@link Setting} as help text and its present value as default. A component that is
 * itself a record of settings gives its own options, as if they stood in its place.
 *
 * @param <S> the settings, a record of components that {@link SettingText} can read
 */
public final class SettingsForm<S extends Record> {
  private final S defaults;
  private final List<RecordComponent> components;

  private SettingsForm(S defaults) {
    this.defaults = defaults;
    this.components = List.of(defaults.getClass().getRecordComponents());
  }

  /** The form whose defaults are these settings. */
  public static <S extends Record> SettingsForm<S> of(S defaults) {
    return new SettingsForm<>(defaults);
  }

  /**
   * One setting.
   *
   * @param name as typed, without dashes in front
   * @param help what it means, in one line
   * @param values what may be typed: {@code a whole number}, {@code nes | separable-cma}
   * @param defaultText the default as it would be typed
   */
  public record Option(String name, String help, String values, String defaultText) {}

  /** The settings in the order of the record. */
  public List<Option> options() {
    return components.stream().flatMap(this::options).toList();
  }

  /**
   * The default settings with some changed.
   *
   * @param texts name of the setting to what was typed for it
   * @throws BadInputException where a setting is unknown, cannot be read or breaks its bound
   */
  public S with(Map<String, String> texts) {
    List<String> known = options().stream().map(Option::name).toList();
    for (String name : texts.keySet()) {
      if (!known.contains(name)) {
        throw new BadInputException(
            known.isEmpty()
                ? "unknown setting --%s; there is nothing to set".formatted(name)
                : "unknown setting --%s; there are --%s"
                    .formatted(name, String.join(", --", known)));
      }
    }
    return changed(texts);
  }

  private S changed(Map<String, String> texts) {
    return build(components.stream().map(c -> value(c, texts)).toArray());
  }

  private Stream<Option> options(RecordComponent component) {
    return current(component) instanceof Record part
        ? of(part).options().stream()
        : Stream.of(option(component));
  }

  private Option option(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalArgumentException(component + " has no @Setting that explains it");
    }
    return new Option(
        optionName(component.getName()),
        setting.value(),
        SettingText.values(component.getGenericType()),
        SettingText.write(current(component)));
  }

  private Object value(RecordComponent component, Map<String, String> texts) {
    Object current = current(component);
    if (current instanceof Record part) {
      return of(part).changed(texts);
    }
    String name = optionName(component.getName());
    String text = texts.get(name);
    return text == null ? current : SettingText.read("--" + name, text, component.getGenericType());
  }

  private Object current(RecordComponent component) {
    return reflectively(
        () -> {
          component.getAccessor().setAccessible(true);
          return component.getAccessor().invoke(defaults);
        });
  }

  private S build(Object[] values) {
    Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    return reflectively(
        () -> {
          @SuppressWarnings("unchecked") // the class of an S
          Class<S> type = (Class<S>) defaults.getClass();
          Constructor<S> canonical = type.getDeclaredConstructor(types);
          canonical.setAccessible(true);
          return canonical.newInstance(values);
        });
  }

  /** Components in the record's order, as they would be typed after two dashes. */
  static String optionName(String component) {
    return String.join(
        "-",
        Arrays.stream(component.split("(?=[A-Z])", -1))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .toList());
  }

  private interface Reflection<R> {
    R get() throws ReflectiveOperationException;
  }

  private static <R> R reflectively(Reflection<R> work) {
    try {
      return work.get();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadInputException bad) {
        throw bad;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
