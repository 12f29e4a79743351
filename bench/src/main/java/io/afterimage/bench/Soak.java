package io.afterimage.bench;

import io.afterimage.bench.engine.Network;
import io.afterimage.bench.engine.TrainingLoop;

/**
 * Trains for a hundred thousand steps and watches the process's resident memory, which must stay
 * within 5% of what it was after the first tenth. Linux only: it reads {@code /proc}.
 *
 * <p>Usage: {@code Soak [NETWORK] [STEPS]}; ends with status 1 where memory grew.
 */
public final class Soak {
  private static final double TOLERANCE = 0.05;
  private static final int TENTHS = 10;

  private Soak() {}

  /** Prints resident memory after each tenth of the steps. */
  public static void main(String[] args) {
    Network network = args.length > 0 ? Network.valueOf(args[0]) : Network.LENET;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    double first = 0;
    double most = 0;
    try (TrainingLoop loop = new TrainingLoop(network, 16)) {
      for (int tenth = 1; tenth <= TENTHS; tenth++) {
        loop.take(steps / TENTHS);
        System.gc(); // the heap's own growth is not what is watched
        double resident = Memory.residentMegabytes();
        first = tenth == 1 ? resident : first;
        most = Math.max(most, resident);
        System.out.printf("%7d steps  %8.1f MB resident%n", tenth * (steps / TENTHS), resident);
      }
    }
    double growth = most / first - 1;
    System.out.printf("at most %.1f%% above the first tenth%n", 100 * growth);
    System.exit(growth > TOLERANCE ? 1 : 0);
  }
}
