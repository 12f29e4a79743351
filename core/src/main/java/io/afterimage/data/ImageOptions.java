package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.util.List;
import java.util.Optional;

/**
 * How pixels become a model's input: {@code (low + (high - low) * pixel / 255 - mean) / std}.
 *
 * @param low what black becomes
 * @param high what full brightness becomes
 * @param mean subtracted from each channel; one value for all, or one for each; empty for none
 * @param std each channel is divided by it; as many values as mean
 * @param layout where the channels stand
 * @param target the shape that the model takes, without the batch dimension; pictures that do not
 *     fit are bad input
 * @param convertColours whether colour may become grey (by luma, ITU-R BT.601) and grey colour (by
 *     repetition) where the target asks for it; else that is bad input too
 */
public record ImageOptions(
    double low,
    double high,
    List<Double> mean,
    List<Double> std,
    Layout layout,
    Optional<Shape> target,
    boolean convertColours) {

  public ImageOptions {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    check(
        Double.isFinite(low) && Double.isFinite(high) && low < high,
        "--range must be two numbers, the lower first, but is %s,%s",
        low,
        high);
    check(
        mean.size() == std.size(),
        "--mean and --std must have equally many values, but have %d and %d",
        mean.size(),
        std.size());
    for (double value : mean) {
      check(Double.isFinite(value), "--mean must be finite, but holds %s", value);
    }
    for (double value : std) {
      check(
          Double.isFinite(value) && value > 0,
          "--std must be positive and finite, but holds %s",
          value);
    }
  }

  /** Pixels to 0..1, channels first, whatever size the pictures have. */
  public static ImageOptions defaults() {
    return new ImageOptions(0, 1, List.of(), List.of(), Layout.NCHW, Optional.empty(), false);
  }

  /** The same for a model that takes this shape. */
  public ImageOptions withTarget(Shape shape, Layout channels) {
    return new ImageOptions(low, high, mean, std, channels, Optional.of(shape), convertColours);
  }
}
