package io.afterimage.audit;

import io.afterimage.base.BadInputException;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.report.Report.Rebuilt;
import io.afterimage.report.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has computed: each attack's evidence is saved as soon as it exists, so that a stop or
 * a crash loses one attack at most, and {@code --resume} goes on behind it.
 */
final class Steps {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final RunFolder folder;
  private final Path file;
  private final Journal journal;
  private final Map<String, Rebuilt> rebuilt = new LinkedHashMap<>();

  /**
   * An attack's evidence.
   *
   * @param queries rows that it asked about
   * @param seconds that it took
   */
  record Saved(Evidence evidence, long queries, double seconds) {}

  /** What was spent on an attack. */
  record Spent(long queries, double seconds) {}

  /**
   * The steps that are done.
   *
   * @param fingerprint of everything that evidence depends on
   */
  record Journal(String fingerprint, Map<String, Spent> spent) {}

  /**
   * @param fingerprint of everything that evidence depends on
   * @throws BadInputException where the folder holds another run's steps
   */
  Steps(RunFolder folder, String fingerprint) {
    this.folder = folder;
    this.file = folder.path().resolve("evidence").resolve("steps.json");
    Optional<Journal> before = read();
    if (before.isPresent() && !before.get().fingerprint().equals(fingerprint)) {
      throw new BadInputException(
          "--resume: %s holds a run of another model, data, seed or settings; give another folder"
                  .formatted(folder.path())
              + " with --out");
    }
    this.journal = before.orElse(new Journal(fingerprint, new LinkedHashMap<>()));
  }

  /**
   * The evidence of this name: the saved one, else computed, judged and saved now.
   *
   * @param judge adds what takes long and should be saved with the evidence
   */
  Saved evidence(String name, Supplier<Saved> work, UnaryOperator<Evidence> judge) {
    Saved saved = known(name).orElseGet(() -> computed(name, work, judge));
    if (saved.evidence() instanceof Reconstructions pictures) {
      rebuilt.put(name, Rebuilt.of(pictures));
    }
    return saved;
  }

  /** The evidence of this name, where a step saved it. */
  Optional<Evidence> saved(String name) {
    return known(name).map(Saved::evidence);
  }

  private Optional<Saved> known(String name) {
    return Optional.ofNullable(journal.spent().get(name))
        .flatMap(
            spent ->
                folder
                    .evidence()
                    .load(name)
                    .map(evidence -> new Saved(evidence, spent.queries(), spent.seconds())));
  }

  private Saved computed(String name, Supplier<Saved> work, UnaryOperator<Evidence> judge) {
    Saved raw = work.get();
    Saved fresh = new Saved(judge.apply(raw.evidence()), raw.queries(), raw.seconds());
    folder.evidence().save(name, fresh.evidence());
    journal.spent().put(name, new Spent(fresh.queries(), fresh.seconds()));
    write();
    return fresh;
  }

  /** Saves pictures to lay beside the reconstructions of this name. */
  void save(String name, Pictures pictures) {
    folder.evidence().save(name, pictures);
  }

  /** The figures of all reconstructions so far, by name. */
  Map<String, Rebuilt> rebuilt() {
    return rebuilt;
  }

  /** Seconds that attacks took, saved ones too. */
  double seconds() {
    return journal.spent().values().stream().mapToDouble(Spent::seconds).sum();
  }

  private Optional<Journal> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readValue(file, Journal.class));
    } catch (JacksonException e) {
      throw new BadInputException(
          "%s cannot be read; delete the folder and start again".formatted(file), e);
    }
  }

  private void write() {
    Path fresh = file.resolveSibling("steps.json.tmp");
    try {
      Files.write(fresh, MAPPER.writeValueAsBytes(journal));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new BadInputException("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
