package io.afterimage.attack.inversion.decoder;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import java.util.OptionalInt;

/**
 * How a {@link Decoder} is built and taught.
 *
 * @param filters channels before the last transposed convolution
 * @param epochs passes over the public rows, at most; empty for what {@link #epochs(int)} says
 * @param batch rows a step
 * @param learningRate of Adam
 * @param patience epochs without a lower error on the rows kept back
 */
public record DecoderSettings(
    @Setting("channels before the decoder's last layer; twice as many one layer before, and so on")
        int filters,
    @Setting(
            "passes over the public rows, at most; by default the more the fewer there are: some"
                + " 5,000 steps")
        OptionalInt epochs,
    @Setting("public rows a step of the decoder's training") int batch,
    @Setting("learning rate of the decoder's Adam") double learningRate,
    @Setting(
            "epochs without a lower error on the fifth of the public rows that is kept back, after"
                + " which training ends; 0: never")
        int patience) {
  private static final int USUAL_STEPS = 5_000;

  public DecoderSettings {
    inRange("--filters", filters, 1, 4096);
    inRange("--epochs", epochs.orElse(1), 1, 1_000_000);
    inRange("--batch", batch, 2, 1_000_000);
    above("--learning-rate", learningRate, 0, 1e6);
    inRange("--patience", patience, 0, 1_000_000);
  }

  /** Enough for pictures of some thousand pixels, within minutes. */
  public static DecoderSettings usual() {
    return new DecoderSettings(32, OptionalInt.empty(), 64, 1e-3, 10);
  }

  /** For tests, of small pictures: with so many filters, in so many epochs. */
  public static DecoderSettings small(int filters, int epochs) {
    return new DecoderSettings(filters, OptionalInt.of(epochs), 32, 3e-3, 10);
  }

  /** Passes over so many rows, at most. */
  int epochs(int rows) {
    int steps = (rows + batch - 1) / batch;
    return epochs.orElse(Math.max(1, (USUAL_STEPS + steps - 1) / steps));
  }
}
