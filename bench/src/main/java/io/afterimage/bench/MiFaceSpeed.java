package io.afterimage.bench;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.inversion.MiFace;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.tensor.Threads;
import java.nio.file.Path;
import java.util.Map;

/**
 * Times mi-face on the ORL faces, all 40 people at once, against our own loop over one face after
 * another and against a bare loop of the same calls to org.bytedeco. Stop rules are off everywhere.
 *
 * <p>Usage: {@code MiFaceSpeed FOLDER [STEPS]}. Prints one line of JSON for each; {@code
 * bench/peers/art_mi_face.py} prints the peer's.
 */
public final class MiFaceSpeed {
  /** Two sides take turns, and each has its best of so many. */
  private static final int ROUNDS = 5;

  private MiFaceSpeed() {}

  /** Measures with one and with two threads in an operation. */
  public static void main(String[] args) throws Exception {
    Usage.run("MiFaceSpeed FOLDER [STEPS]", 1, args, () -> measure(args));
  }

  private static void measure(String[] args) {
    Faces faces = Faces.read(Path.of(args[0]));
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    Split split = faces.withNonMembers(7);
    try (InterpretedTarget target = faces.recogniser(split.members(), Run.of(1))) {
      float[] weights = SignPictures.weights(target);
      for (int threads : new int[] {1, 2}) {
        Threads.setIntraOp(threads);
        ours(target, split, 40, 20);
        BareLoop.run(weights, 40, 20);
        double bare = Double.POSITIVE_INFINITY;
        double atOnce = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
          bare = Math.min(bare, seconds(() -> BareLoop.run(weights, 40, steps)));
          atOnce = Math.min(atOnce, seconds(() -> ours(target, split, 40, steps)));
        }
        report("bare loop of org.bytedeco calls", threads, steps, bare);
        report("mi-face, 40 at once", threads, steps, atOnce);
        double oneByOne = seconds(() -> ours(target, split, 1, steps));
        report("mi-face, one after another", threads, steps, oneByOne);
      }
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void report(String what, int threads, int steps, double seconds) {
    System.out.printf(
        "{\"what\": \"%s\", \"threads\": %d, \"steps\": %d, \"seconds\": %.2f}%n",
        what, threads, steps, seconds);
  }

  private static Reconstructions ours(InterpretedTarget target, Split split, int batch, int steps) {
    MiFace.Settings settings =
        SettingsForm.of(new MiFace().defaults())
            .with(
                Map.of(
                    "steps",
                    Integer.toString(steps),
                    "patience",
                    "10000",
                    "stop-at",
                    "2",
                    "batch",
                    Integer.toString(batch)));
    return new MiFace().run(target, split, settings, Run.of(1));
  }
}
