package io.afterimage.defence;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.target.Answers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The registered output defences, and the option {@code --defend} that names them. */
public final class OutputDefences {
  private OutputDefences() {}

  /** All that are registered, in alphabetical order. */
  public static List<OutputDefence.Factory> registered() {
    return ServiceLoader.load(OutputDefence.Factory.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(OutputDefence.Factory::usage))
        .toList();
  }

  /**
   * The defences of a list such as {@code round:2,top-k:3+round:2,label-only}: one between commas,
   * applied one after the other where joined by {@code +}. A BadInputException names the option,
   * the bound and the value.
   */
  public static List<OutputDefence> parse(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).map(OutputDefences::one).toList();
  }

  private static OutputDefence one(String typed) {
    List<OutputDefence> links =
        Arrays.stream(typed.split("\\+", -1)).map(OutputDefences::link).toList();
    OutputDefence defence = links.size() == 1 ? links.get(0) : new Chain(links);
    defence.answers(Answers.EXACT); // refuses what could not be said truly
    return defence;
  }

  private static OutputDefence link(String typed) {
    DefenceOption option = DefenceOption.of(typed.strip());
    List<OutputDefence.Factory> all = registered();
    Checks.check(
        !option.word().isEmpty(), "--defend names no defence; give some of %s", usage(all));
    return all.stream()
        .filter(factory -> factory.word().equals(option.word()))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "--defend %s: no such defence; there are %s".formatted(option, usage(all))))
        .of(option);
  }

  private static String usage(List<OutputDefence.Factory> all) {
    return all.stream().map(OutputDefence.Factory::usage).collect(Collectors.joining(", "));
  }
}
