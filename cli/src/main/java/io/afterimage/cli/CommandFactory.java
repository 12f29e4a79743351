package io.afterimage.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Hands each command the console; picocli makes everything else. */
record CommandFactory(Console console) implements IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      return type.getDeclaredConstructor(Console.class).newInstance(console);
    } catch (NoSuchMethodException e) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
