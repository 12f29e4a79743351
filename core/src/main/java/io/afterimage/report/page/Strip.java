package io.afterimage.report.page;

import io.afterimage.evidence.Pictures.Frame;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How one reconstruction came about: where the search stood on its way, side by side in one
 * picture, the reconstruction last. The page shows it whole, or plays it frame by frame.
 *
 * @param uri of that picture
 * @param steps what stands under each frame: how many steps led there
 */
record Strip(String uri, List<String> steps) {

  /** That of a reconstruction whose way was kept. */
  static Optional<Strip> of(Reconstructions rebuilt, int row, Frame frame) {
    List<Stage> stages = rebuilt.stages().of(row);
    if (stages.isEmpty()) {
      return Optional.empty();
    }
    List<float[]> frames = new ArrayList<>(stages.stream().map(Stage::picture).toList());
    frames.add(rebuilt.picture(row));
    List<String> steps = new ArrayList<>();
    stages.forEach(stage -> steps.add(String.format(Locale.ROOT, "%,d", stage.steps())));
    steps.add("end");
    return Optional.of(new Strip(Png.stretched(frame, frames), steps));
  }
}
