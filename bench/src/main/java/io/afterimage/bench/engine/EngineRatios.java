package io.afterimage.bench.engine;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs {@link EngineBenchmark} and prints by what share of the bare calls' speed the interpreter
 * works. Arguments are JMH's own.
 */
public final class EngineRatios {
  private EngineRatios() {}

  /** Runs it with JMH's options: {@code -p network=LENET -p batch=1}. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    Map<String, double[]> times = new TreeMap<>();
    for (RunResult result : results) {
      String work = result.getPrimaryResult().getLabel();
      String key =
          "%-9s batch %3s, %s thread(s), %-9s"
              .formatted(
                  result.getParams().getParam("network"),
                  result.getParams().getParam("batch"),
                  result.getParams().getParam("threads"),
                  work);
      int side = result.getParams().getParam("who").equals("BARE") ? 1 : 0;
      times.computeIfAbsent(key, k -> new double[2])[side] = result.getPrimaryResult().getScore();
    }
    times.forEach(
        (key, both) ->
            System.out.printf(
                Locale.ROOT,
                "%s  afterimage %9.1f us  bare %9.1f us  speed %.2f of bare%n",
                key,
                both[0],
                both[1],
                both[1] / both[0]));
  }
}
