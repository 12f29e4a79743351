package io.afterimage.bench;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Real rows, and a network that is trained on a third of them.
 *
 * @param x row after row
 * @param row the shape of one
 * @param classes of each
 * @param names of the classes
 * @param part how many members there are, non-members, and public rows
 * @param architecture of the network
 * @param byHeart epochs after which the network knows its rows by heart
 * @param careful epochs after which it does best on others
 */
record LeakCase(
    float[] x,
    Shape row,
    int[] classes,
    List<String> names,
    int part,
    Architecture architecture,
    int byHeart,
    int careful) {
  /** The one of this name; the folder is that of all sets. */
  static LeakCase named(String name, Path folder) throws IOException {
    return switch (name) {
      case "location-30" -> location(folder.resolve(name));
      case "adult" -> adult(folder.resolve("adult-uci"));
      case "mnist", "fashion-mnist" -> pictures(folder.resolve(name));
      default ->
          throw new IllegalArgumentException(
              "the data are location-30, adult, mnist or fashion-mnist, not " + name);
    };
  }

  private static LeakCase location(Path folder) throws IOException {
    Location rows = Location.read(folder);
    List<String> names = IntStream.range(0, Location.CLASSES).mapToObj(c -> "c" + c).toList();
    Shape row = new Shape(Location.COLUMNS);
    Architecture network = Architectures.mlp(names.size(), 128);
    return new LeakCase(rows.x(), row, rows.classes(), names, 1670, network, 40, 4);
  }

  private static LeakCase adult(Path folder) {
    ReadOptions reading = ReadOptions.builder().header(false).trim(true).label("c15").build();
    Dataset rows =
        DataReader.read(Map.of("members", folder.resolve("adult-train.csv.gz")), reading)
            .get("members");
    Encoder encoder = Encoder.fit(rows);
    List<String> names = ((Column.Categorical) rows.label().orElseThrow()).dictionary();
    return new LeakCase(
        encoder.encode(rows),
        new Shape(encoder.width()),
        rows.classes(),
        names,
        5000,
        Architectures.mlp(names.size(), 256, 256),
        60,
        3);
  }

  private static LeakCase pictures(Path folder) {
    Path images = folder.resolve("train-images-idx3-ubyte.gz");
    Dataset rows =
        DataReader.read(Map.of("members", images), ReadOptions.defaults()).get("members");
    Column.Array pictures = (Column.Array) rows.inputs().get(0);
    List<String> names = ((Column.Categorical) rows.label().orElseThrow()).dictionary();
    Shape row = new Shape(1, 28, 28);
    Architecture network = Architectures.lenet(names.size());
    return new LeakCase(pictures.values(), row, rows.classes(), names, 3000, network, 60, 6);
  }

  /** Members, non-members and public rows, drawn for the seed. */
  Split split(Run run) {
    int[] drawn = run.shuffled("rows", classes.length);
    return new Split(
        rows("members", drawn, 0),
        rows("nonmembers", drawn, part),
        Optional.of(rows("population", drawn, 2 * part)),
        Optional.empty());
  }

  private Dataset rows(String role, int[] drawn, int from) {
    int[] chosen = Arrays.copyOfRange(drawn, from, from + part);
    float[] cells = new float[part * row.size()];
    for (int i = 0; i < part; i++) {
      System.arraycopy(x, chosen[i] * row.size(), cells, i * row.size(), row.size());
    }
    int[] own = Arrays.stream(chosen).map(i -> classes[i]).toArray();
    return Rows.of(role, cells, row, own, names);
  }

  /** The network, trained on the members with Adam at 0.001 in batches of 64. */
  OnnxModel target(Dataset members, int epochs, Run run) {
    OnnxModel fresh = architecture.over(row, run);
    float[] cells = ((Column.Array) members.inputs().get(0)).values();
    Examples examples = Examples.ofClasses(Architecture.INPUT, cells, row, members.classes());
    Trainer.Settings settings = Trainer.Settings.of(epochs, 64);
    return Trainer.train(
            fresh, examples, Loss.crossEntropy(fresh), Optimiser.Adam.of(0.001), settings, run)
        .model();
  }
}
