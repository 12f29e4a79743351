package io.afterimage.report;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import io.afterimage.data.Npz;
import io.afterimage.data.NpzWriter;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.StructuralLeaks;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder {@code evidence/} of a run: what each attack brought, saved as soon as it ended, so
 * that a crash loses only the step under way and a report can be rendered again without the data.
 *
 * <p>One JSON file an attack, schema {@code afterimage/evidence/4}, its arrays in an .npz of the
 * same name, which NumPy opens. The JSON is written last: without it a step counts as not done. The
 * folder is personal data and readable by its owner alone.
 */
public final class EvidenceStore {
  static final String SCHEMA = "afterimage/evidence/4";
  private static final int LONGEST_NAME = 80;

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "membership-scores", MembershipScores.class,
          "attribute-guesses", AttributeGuesses.class,
          "reconstructions", Reconstructions.class,
          "structural-leaks", StructuralLeaks.class,
          "pictures", Pictures.class);

  private static final Map<Class<?>, String> KIND_OF =
      KINDS.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  private final Path folder;

  private EvidenceStore(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder, readable by its owner alone where the file system knows owners. */
  static EvidenceStore create(Path folder) {
    try {
      Files.createDirectories(folder);
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw OutputFile.refused(folder, e);
    }
    OutputFile.write(folder.resolve("README.txt"), Resources.text("evidence-readme.txt"));
    return new EvidenceStore(folder);
  }

  /** A folder that is there already, or none: then it holds nothing. */
  static EvidenceStore open(Path folder) {
    return new EvidenceStore(folder);
  }

  /** Saves what the attack of this name brought; replaces what stood there before. */
  public void save(String name, Evidence evidence) {
    save(name, fileName(name), evidence);
  }

  /** Saves the pictures to lay beside the reconstructions of this name. */
  public void save(String name, Pictures pictures) {
    save(name, fileName(name) + ".pictures", pictures);
  }

  /** Whether the attack of this name has been saved. */
  public boolean has(String name) {
    return Files.exists(json(fileName(name)));
  }

  /** What the attack of this name brought; empty where it was not saved. */
  public Optional<Evidence> load(String name) {
    return load(fileName(name), Evidence.class);
  }

  /** The pictures to lay beside the reconstructions of this name; empty where there are none. */
  public Optional<Pictures> pictures(String name) {
    return load(fileName(name) + ".pictures", Pictures.class);
  }

  private void save(String name, String file, Object evidence) {
    String kind = Objects.requireNonNull(KIND_OF.get(evidence.getClass()));
    StringBuilder json = new StringBuilder();
    OutputFile.write(
        folder.resolve(file + ".npz"),
        out -> {
          try (NpzWriter archive = new NpzWriter(out)) {
            archive.put("version", new int[] {4});
            JsonMapper mapper = EvidenceFormat.writing(archive);
            json.append(mapper.writeValueAsString(new Saved(SCHEMA, kind, name, evidence)));
          }
        });
    OutputFile.write(json(file), json.toString());
  }

  private record Saved(String schema, String kind, String name, Object evidence) {}

  private <T> Optional<T> load(String file, Class<T> wanted) {
    Path json = json(file);
    if (!Files.exists(json)) {
      return Optional.empty();
    }
    try {
      requireSmall(json);
      JsonMapper mapper = EvidenceFormat.reading(Npz.read(folder.resolve(file + ".npz")));
      T evidence = wanted.cast(read(mapper, mapper.readTree(json.toFile())));
      EvidenceChecks.check(evidence);
      return Optional.of(evidence);
    } catch (JacksonException e) {
      throw damaged(json, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw damaged(json, OutputFile.reason(e), e);
    } catch (IllegalArgumentException
        | ArithmeticException
        | IllegalStateException
        | ClassCastException e) {
      throw damaged(json, String.valueOf(e.getMessage()), e);
    }
  }

  private static Object read(JsonMapper mapper, JsonNode tree) {
    if (!tree.path("schema").asString("").equals(SCHEMA)) {
      throw new IllegalArgumentException("its schema is not " + SCHEMA);
    }
    Class<?> kind = KINDS.get(tree.path("kind").asString(""));
    if (kind == null) {
      throw new IllegalArgumentException("its kind is none of " + KINDS.keySet());
    }
    return mapper.treeToValue(tree.path("evidence"), kind);
  }

  private static void requireSmall(Path json) throws IOException {
    if (Files.size(json) > EvidenceFormat.MOST_BYTES) {
      throw new FileSystemException(json.toString(), null, "larger than any evidence");
    }
  }

  private static BadInputException damaged(Path json, String fault, Throwable cause) {
    return new BadInputException(
        "%s cannot be used: %s; delete it and run with --resume to make it again"
            .formatted(json, fault.lines().findFirst().orElse("damaged")),
        cause);
  }

  private Path json(String file) {
    return folder.resolve(file + ".json");
  }

  /** A file's name that every file system takes; what had to be changed is told apart by a hash. */
  private static String fileName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_-]+", "_");
    return plain.equals(name) && name.length() <= LONGEST_NAME
        ? name
        : plain.substring(0, Math.min(LONGEST_NAME, plain.length()))
            + "-"
            + Hashes.sha256(name).substring(0, 16);
  }
}
