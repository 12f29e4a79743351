package io.afterimage.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Pictures in one sub-folder a class; the sub-folder's name is the label. All have one size. Where
 * labels may be missing, pictures may stand in the folder itself.
 */
final class FolderSource implements ArraySource {
  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(path -> path.getFileName().toString(), Dictionary.BYTES);

  private final InputFile folder;

  FolderSource(InputFile folder) {
    this.folder = folder;
  }

  @Override
  public ArrayRows read(ReadOptions options, Storage storage, List<String> notices) {
    List<Path> files = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Path sub : sorted(folder.path(), FolderSource::isVisibleFolder)) {
      List<Path> pictures = sorted(sub, FolderSource::isPicture);
      if (pictures.isEmpty()) {
        notices.add("%s: folder %s holds no picture".formatted(folder, sub.getFileName()));
      }
      files.addAll(pictures);
      pictures.forEach(picture -> labels.add(sub.getFileName().toString()));
    }
    List<Path> beside = sorted(folder.path(), FolderSource::isPicture);
    if (files.isEmpty() && ArraySource.mayLackLabels(folder.role())) {
      files.addAll(beside);
    } else if (!files.isEmpty() && !beside.isEmpty()) {
      notices.add(
          "%s: %d pictures stand beside the sub-folders, have no label and are not read"
              .formatted(folder, beside.size()));
    }
    if (files.isEmpty()) {
      throw folder.bad("holds no sub-folders with pictures (.png, .jpg, .pgm, .ppm, .webp)");
    }
    Optional<TableSource> table =
        Optional.of(labels)
            .filter(texts -> !texts.isEmpty())
            .map(texts -> new TextColumns.Texts(texts.size(), true, texts::get))
            .<TableSource>map(texts -> new TextColumns(folder, Map.of("label", texts)));
    List<String> warnings = new ArrayList<>();
    Column.Array pictures = pictures(files, options.images(), storage, warnings);
    if (!warnings.isEmpty()) {
      notices.add("%d pictures may be damaged: %s".formatted(warnings.size(), warnings.get(0)));
    }
    return ArrayRows.of(pictures, table);
  }

  private Column.Array pictures(
      List<Path> files, ImageOptions options, Storage storage, List<String> warnings) {
    Picture first = read(files.get(0), new ArrayList<>());
    first.input(name(files.get(0)), options);
    Column.Array rows = Column.Array.allocate("input", files.size(), first.shape(options), storage);
    for (int row = 0; row < files.size(); row++) {
      Picture picture = read(files.get(row), warnings);
      if (picture.height() != first.height()
          || picture.width() != first.width()
          || picture.channels() != first.channels()) {
        throw folder.bad(
            "%s is %s, but %s is %s; all pictures need one size and colours",
            name(files.get(row)), size(picture), name(files.get(0)), size(first));
      }
      rows.put(row, picture.input(name(files.get(row)), options));
    }
    return rows;
  }

  private Picture read(Path file, List<String> warnings) {
    return PictureFile.read(new InputFile(folder.role() + " " + name(file), file), warnings);
  }

  private String name(Path file) {
    return folder.path().relativize(file).toString();
  }

  private static String size(Picture picture) {
    return "%d high and %d wide with %d channels"
        .formatted(picture.height(), picture.width(), picture.channels());
  }

  private List<Path> sorted(Path parent, Predicate<Path> wanted) {
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(wanted).sorted(BY_NAME).toList();
    } catch (IOException e) {
      throw folder.unreadable("a folder of pictures", e);
    }
  }

  private static boolean isVisibleFolder(Path path) {
    return Files.isDirectory(path) && !path.getFileName().toString().startsWith(".");
  }

  private static boolean isPicture(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && PictureFile.isPicture(name);
  }
}
