package io.afterimage.cli;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.ForestGraph;
import io.afterimage.train.Forests;
import io.afterimage.train.Loss;
import io.afterimage.train.Matrix;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The models of the demo, each trained on a file of members as their engineer would have. */
final class DemoModels {
  static final String DIGIT = "y";
  static final String DIAGNOSIS = "diagnosis";

  private static final Optimiser ADAM = Optimiser.AdamW.of(0.01, 0.5);
  private static final Trainer.Settings SETTINGS = Trainer.Settings.of(60, 32);

  private DemoModels() {}

  /** Softmax regression on pictures: the kind of model on which inversion shows most. */
  static OnnxModel digits(Path members, Run run) {
    Dataset rows = read(members, DIGIT);
    Shape picture = ((Column.Array) rows.inputs().get(0)).shape();
    return train(Architectures.softmax(classes(rows).size()).over(picture, run), rows, run);
  }

  /**
   * A forest as a hurried engineer grows it: every tree sees every patient and goes on until each
   * leaf is pure, so that it knows all of them by heart.
   */
  static OnnxModel hurried(Path members, Run run) {
    Dataset rows = read(members, DIAGNOSIS);
    Encoder encoder = Encoder.fit(rows);
    Forests.Settings settings = Forests.Settings.forest(100, encoder.width()).withoutBootstrap();
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    List<String> classes = classes(rows);
    return ForestGraph.write(
        Forests.grow(table, rows.classes(), classes.size(), settings, run), classes, encoder);
  }

  /** Softmax regression with decaying weights: one weight a measure, and no room for patients. */
  static OnnxModel careful(Path members, Run run) {
    Dataset rows = read(members, DIAGNOSIS);
    return train(
        Architectures.softmax(classes(rows).size()).over(Encoder.fit(rows), run), rows, run);
  }

  private static OnnxModel train(OnnxModel fresh, Dataset rows, Run run) {
    Examples examples = Examples.ofClasses(fresh, rows, rows.classes());
    return Trainer.train(fresh, examples, Loss.crossEntropy(fresh), ADAM, SETTINGS, run).model();
  }

  private static Dataset read(Path members, String label) {
    return DataReader.read(Map.of("members", members), ReadOptions.builder().label(label).build())
        .get("members");
  }

  private static List<String> classes(Dataset rows) {
    return ((Column.Categorical) rows.label().orElseThrow()).dictionary();
  }
}
