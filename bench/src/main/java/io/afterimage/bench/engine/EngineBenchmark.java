package io.afterimage.bench.engine;

import io.afterimage.tensor.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A forward pass, an inversion step and a training step, by the interpreter and by hand.
 *
 * <p>Both work in one process and take short turns, so that whatever else slows the machine slows
 * both alike: on a virtual machine, minutes apart, the same loop may differ by half. A turn is long
 * enough that neither pays for how the other leaves caches and the native heap.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 11, time = 1)
public class EngineBenchmark {
  private static final long TURN = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * Where in memory weights and pictures happen to lie moves the same products by a tenth and more
   * (lines of the caches that shut each other out): both sides read the same memory, several sets.
   */
  private static final int PLACES = 6;

  @Param({"SOFTMAX", "MLP", "LENET", "RESNET18"})
  public Network network = Network.SOFTMAX;

  @Param({"1", "64", "256"})
  public int batch;

  @Param({"1"})
  public int threads;

  /** Nanoseconds of one iteration that each side worked, and steps that it took. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Times {
    public long afterimage;
    public long afterimageSteps;
    public long bare;
    public long bareSteps;
  }

  private final List<Side> afterimages = new ArrayList<>();
  private final List<Side> bares = new ArrayList<>();
  private int place;

  /** Lays out the network and its pictures for both, several times. */
  @Setup(Level.Trial)
  public void open() {
    Threads.setIntraOp(threads);
    Task task = Task.of(network, batch);
    for (int i = 0; i < PLACES; i++) {
      Afterimage afterimage = new Afterimage(task);
      afterimages.add(afterimage);
      bares.add(new Bare(task, afterimage));
    }
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    afterimages.forEach(Side::close);
    bares.forEach(Side::close);
  }

  @Benchmark
  public double forward(Times times) {
    return both(times, Side::forward);
  }

  @Benchmark
  public double inversion(Times times) {
    return both(times, Side::inversion);
  }

  @Benchmark
  public double training(Times times) {
    return both(times, Side::training);
  }

  private double both(Times times, ToDoubleFunction<Side> work) {
    place = (place + 1) % PLACES;
    Side afterimage = afterimages.get(place);
    Side bare = bares.get(place);
    double sum = 0;
    long start = System.nanoTime();
    long now = start;
    for (; now - start < TURN; now = System.nanoTime()) {
      sum += work.applyAsDouble(afterimage);
      times.afterimageSteps++;
    }
    times.afterimage += now - start;
    start = now;
    for (; now - start < TURN; now = System.nanoTime()) {
      sum += work.applyAsDouble(bare);
      times.bareSteps++;
    }
    times.bare += now - start;
    return sum;
  }
}
