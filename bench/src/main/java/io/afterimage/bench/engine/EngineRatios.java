package io.afterimage.bench.engine;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs {@link EngineBenchmark} and prints by what share of the bare calls' speed the interpreter
 * works: the median of the iterations, and between which the middle half of them lies. Arguments
 * are JMH's own.
 */
public final class EngineRatios {
  private EngineRatios() {}

  /** Runs it with JMH's options: {@code -p network=LENET -p batch=1}. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    results.forEach(EngineRatios::print);
  }

  private static void print(RunResult result) {
    List<IterationResult> iterations =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .toList();
    double[] ratios =
        sorted(iterations, i -> microseconds(i, "bare") / microseconds(i, "afterimage"));
    double[] times = sorted(iterations, i -> microseconds(i, "afterimage"));
    BenchmarkParams params = result.getParams();
    System.out.printf(
        Locale.ROOT,
        "%-8s batch %3s, %s thread(s), %-9s %9.1f us, speed %.2f of bare (%.2f to %.2f)%n",
        params.getParam("network"),
        params.getParam("batch"),
        params.getParam("threads"),
        result.getPrimaryResult().getLabel(),
        quantile(times, 0.5),
        quantile(ratios, 0.5),
        quantile(ratios, 0.25),
        quantile(ratios, 0.75));
  }

  /** Of one step. */
  private static double microseconds(IterationResult iteration, String side) {
    return count(iteration, side) / count(iteration, side + "Steps") / 1e3;
  }

  private static double count(IterationResult iteration, String counter) {
    return requireNonNull(iteration.getSecondaryResults().get(counter)).getScore();
  }

  private static double[] sorted(
      List<IterationResult> iterations, ToDoubleFunction<IterationResult> figure) {
    double[] figures = iterations.stream().mapToDouble(figure).toArray();
    Arrays.sort(figures);
    return figures;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
