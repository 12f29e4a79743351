package io.afterimage.bench.engine;

import io.afterimage.tensor.Threads;
import java.util.concurrent.TimeUnit;
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

/** A forward pass, an inversion step and a training step, by the interpreter and by hand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark {
  /** Whose work is timed. */
  public enum Who {
    AFTERIMAGE,
    BARE
  }

  @Param({"SOFTMAX", "MLP", "LENET", "RESNET18"})
  public Network network = Network.SOFTMAX;

  @Param({"1", "64", "256"})
  public int batch;

  @Param({"1"})
  public int threads;

  @Param({"AFTERIMAGE", "BARE"})
  public Who who = Who.BARE;

  @SuppressWarnings("NullAway.Init") // JMH calls open first
  private Side side;

  /** Lays out the network and its pictures. */
  @Setup(Level.Trial)
  public void open() {
    Threads.setIntraOp(threads);
    Task task = Task.of(network, batch);
    side = who == Who.BARE ? new Bare(task) : new Afterimage(task);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    side.close();
  }

  @Benchmark
  public double forward() {
    return side.forward();
  }

  @Benchmark
  public double inversion() {
    return side.inversion();
  }

  @Benchmark
  public double training() {
    return side.training();
  }
}
