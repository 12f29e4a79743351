package io.afterimage.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Arrays and, in a file of their own, the labels: named as {@code images,labels}. */
record FilePair(InputFile first, Optional<InputFile> second) {

  /** The two files of the path, if it names two; else the one. */
  static FilePair of(InputFile file) {
    String text = file.path().toString();
    int comma = text.indexOf(',');
    if (comma < 1 || comma == text.length() - 1 || Files.exists(file.path())) {
      return new FilePair(file, Optional.empty());
    }
    return new FilePair(
        new InputFile(file.role(), Path.of(text.substring(0, comma))),
        Optional.of(new InputFile(file.role(), Path.of(text.substring(comma + 1)))));
  }
}
