package io.afterimage.graph;

import static io.afterimage.base.Checks.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which parameters the user wants trained or frozen. */
final class Selection {
  private static final int SHOWN = 20;

  private Selection() {}

  /** The parameters that a pattern matches, and whether they are trained; {@code train} wins. */
  static Map<String, Boolean> of(OnnxModel model, List<String> train, List<String> freeze) {
    List<String> names = trainable(model);
    Map<String, Boolean> chosen = new HashMap<>();
    freeze.forEach(pattern -> put(chosen, names, "--freeze", pattern, false));
    train.forEach(pattern -> put(chosen, names, "--train", pattern, true));
    return chosen;
  }

  private static void put(
      Map<String, Boolean> chosen,
      List<String> names,
      String option,
      String pattern,
      boolean trained) {
    Pattern glob = glob(pattern);
    List<String> matched = names.stream().filter(name -> glob.matcher(name).matches()).toList();
    check(
        !matched.isEmpty(),
        "%s %s matches no parameter; the model has %s%s",
        option,
        pattern,
        names.subList(0, Math.min(SHOWN, names.size())),
        names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "");
    matched.forEach(name -> chosen.put(name, trained));
  }

  /** Everything stored but averages, which follow the data and not a gradient. */
  private static List<String> trainable(OnnxModel model) {
    Set<String> averages = new HashSet<>(Averages.names(model));
    return model.parameters().stream()
        .map(Parameter::name)
        .filter(name -> !averages.contains(name))
        .toList();
  }

  private static Pattern glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    pattern
        .chars()
        .forEach(
            c ->
                regex.append(
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    }));
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
