package io.afterimage.data;

import java.util.List;
import java.util.Map;

/** One NumPy array with a row along its first axis, and perhaps a second one with the labels. */
record NpySource(InputFile file) implements ArraySource {

  @Override
  public ArrayRows read(ReadOptions options, Storage storage, List<String> notices) {
    FilePair pair = FilePair.of(file);
    NpyArray array = Npz.single(pair.first(), storage);
    return ArrayRows.of(
        NpyRows.input("input", pair.first(), array, options, storage, notices),
        pair.second().map(labels -> labels(labels, storage)));
  }

  private static TableSource labels(InputFile file, Storage storage) {
    NpyArray labels = Npz.single(file, storage);
    if (labels.rank() != 1) {
      throw file.bad("labels need one axis, but there are %d", labels.rank());
    }
    return new TextColumns(file, Map.of("label", NpyRows.texts(labels)));
  }
}
