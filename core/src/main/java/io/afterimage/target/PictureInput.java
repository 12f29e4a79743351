package io.afterimage.target;

import io.afterimage.data.Layout;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import java.util.List;
import java.util.Optional;

/** How a model that takes pictures wants them read. */
public final class PictureInput {
  private static final int LARGEST_SIDE = 1 << 16;

  private PictureInput() {}

  /**
   * The options with the picture's shape in them; as they are for a model that takes no pictures.
   *
   * @param layout where channels stand; empty to tell it by the model's input
   */
  public static ReadOptions reading(ReadOptions reading, OnnxModel model, Optional<Layout> layout) {
    return shape(model)
        .map(
            shape ->
                reading.withImages(
                    reading.images().withTarget(shape, layout.orElse(layout(shape)))))
        .orElse(reading);
  }

  /** Where the channels of a model's input stand. */
  public static Layout layout(OnnxModel model) {
    return shape(model).map(PictureInput::layout).orElse(Layout.NCHW);
  }

  private static Layout layout(Shape shape) {
    return isChannels(shape.extent(2)) && !isChannels(shape.extent(0)) ? Layout.NHWC : Layout.NCHW;
  }

  /** The shape of one picture, where the model takes one input of three axes beside the batch. */
  private static Optional<Shape> shape(OnnxModel model) {
    List<ValueInfo> inputs = model.inputs();
    if (inputs.size() != 1 || inputs.get(0).dimensions().size() != 4) {
      return Optional.empty();
    }
    long[] extents =
        inputs.get(0).dimensions().stream()
            .skip(1)
            .mapToLong(ValueInfo.Dimension::extent)
            .toArray();
    for (long extent : extents) {
      if (extent < 1 || extent > LARGEST_SIDE) {
        return Optional.empty();
      }
    }
    return Optional.of(new Shape((int) extents[0], (int) extents[1], (int) extents[2]));
  }

  private static boolean isChannels(int extent) {
    return extent == 1 || extent == 3;
  }
}
