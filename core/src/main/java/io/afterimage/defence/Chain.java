package io.afterimage.defence;

import io.afterimage.base.Access;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Several defences, one after the other. */
record Chain(List<OutputDefence> links) implements OutputDefence {
  @Override
  public String name() {
    return links.stream().map(OutputDefence::name).collect(Collectors.joining("+"));
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    Predictions seen = answers;
    for (OutputDefence link : links) {
      seen = link.apply(seen, random);
    }
    return seen;
  }

  @Override
  public Answers answers(Answers before) {
    Answers known = before;
    for (OutputDefence link : links) {
      known = link.answers(known);
    }
    return known;
  }

  @Override
  public Access access() {
    return links.stream().map(OutputDefence::access).reduce(Access.SCORES, Access::least);
  }

  @Override
  public boolean needsClasses() {
    return links.stream().anyMatch(OutputDefence::needsClasses);
  }
}
