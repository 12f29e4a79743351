package io.afterimage.base;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * What work needs from its surroundings: a seed, a count of threads, progress and cancellation.
 *
 * <p>Randomness is keyed, never shared: {@link #random} gives the same stream for the same seed and
 * key, whatever was drawn elsewhere and on whichever thread. Keys are record ids, model names or
 * the like, so that permuted rows give permuted results.
 *
 * @param seed the seed of every draw in this run
 * @param threads worker threads that may be used, at least 1
 * @param progress hears how far the work has come
 * @param cancelled set when the user wants the run to stop
 * @param shared what several pieces of work share; empty where each is by itself
 */
public record Run(
    long seed, int threads, Progress progress, AtomicBoolean cancelled, Optional<Shared> shared) {
  /**
   * What the pieces of one work share, so that none does again what another has done.
   *
   * @param folder where models are kept that several of them train
   * @param seed that these models are drawn by
   */
  public record Shared(Path folder, long seed) {}

  public Run {
    Checks.inRange("--threads", threads, 1, 1024);
  }

  /** A run that shares nothing. */
  public Run(long seed, int threads, Progress progress, AtomicBoolean cancelled) {
    this(seed, threads, progress, cancelled, Optional.empty());
  }

  /** A quiet run on one thread. */
  public static Run of(long seed) {
    return new Run(seed, 1, Progress.NONE, new AtomicBoolean());
  }

  /** The same run with a seed of its own, derived from this one's and the key. */
  public Run keyed(String key) {
    return new Run(seedFor(key), threads, progress, cancelled, shared);
  }

  /** The same run, whose pieces share models that are kept in a folder. */
  public Run sharing(Path folder) {
    return new Run(seed, threads, progress, cancelled, Optional.of(new Shared(folder, seed)));
  }

  /** The run by whose seed what is shared is drawn: the same for all that share it. */
  public Run ofShared() {
    return new Run(shared.map(Shared::seed).orElse(seed), threads, progress, cancelled, shared);
  }

  /** A fresh generator for this seed and key. */
  public RandomGenerator random(String key) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seedFor(key));
  }

  /**
   * The numbers from 0 to {@code count - 1} in an order drawn by the key: every order is equally
   * likely (Fisher and Yates).
   */
  public int[] shuffled(String key, int count) {
    RandomGenerator random = random(key);
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /**
   * The seed that belongs to this run's seed and the key: FNV-1a over the key, mixed as SplitMix64
   * does.
   */
  public long seedFor(String key) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(mix(seed) ^ hash);
  }

  /** Tells how far the work has come, and stops it if the user asked for that. */
  public void progress(String work, long done, long total) {
    checkCancelled();
    progress.at(work, done, total);
  }

  /** Tells the user a line of what is to come. */
  public void say(String line) {
    progress.say(line);
  }

  /** Throws a CancelledException once the user has asked the run to stop. */
  public void checkCancelled() {
    if (cancelled.get()) {
      throw new CancelledException();
    }
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
