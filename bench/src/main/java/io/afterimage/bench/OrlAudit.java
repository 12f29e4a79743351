package io.afterimage.bench;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays out the ORL faces as a stranger's model and folders: a recogniser of the first five photos
 * of each person, those photos, and the other five for the judge alone.
 *
 * <p>Usage: {@code OrlAudit FOLDER OUT}; prints the audit to run.
 */
public final class OrlAudit {
  private static final int FOR_THE_TARGET = 5;
  private static final int PHOTOS = 10;

  private OrlAudit() {}

  /** Writes {@code model.onnx}, {@code members/} and {@code evaluation/}. */
  public static void main(String[] args) throws Exception {
    Usage.run("OrlAudit FOLDER OUT", 2, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path source = Path.of(args[0]);
    Path out = Path.of(args[1]);
    Faces faces = Faces.read(source);
    for (String person : faces.people()) {
      for (int photo = 1; photo <= PHOTOS; photo++) {
        copy(
            source, out.resolve(photo <= FOR_THE_TARGET ? "members" : "evaluation"), person, photo);
      }
    }
    Dataset members = faces.photos(0, FOR_THE_TARGET);
    faces.model(members, members.classes(), Run.of(1)).write(out.resolve("model.onnx"));
    System.out.println(
        "./afterimage audit "
            + String.join(
                " ",
                Stream.of(
                        List.of("--model", out.resolve("model.onnx").toString()),
                        List.of("--members", out.resolve("members").toString()),
                        List.of("--evaluation", out.resolve("evaluation").toString()),
                        List.of("--class-is-person", "--reveal", "--defend", "round:2,label-only"))
                    .flatMap(List::stream)
                    .toList()));
  }

  private static void copy(Path source, Path role, String person, int photo) throws IOException {
    Path folder = Files.createDirectories(role.resolve(person));
    Path from = source.resolve(person).resolve(photo + ".pgm");
    Files.copy(from, folder.resolve(photo + ".pgm"), StandardCopyOption.REPLACE_EXISTING);
  }
}
