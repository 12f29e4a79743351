package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.data.Layout;
import io.afterimage.data.ReadOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One training.
 *
 * @param files by role: members, on which it is trained, and nonmembers, on which it is validated
 * @param layout where a picture's channels stand; empty to read it from the model
 * @param saving how often the state is saved; empty for {@link Saving#USUAL}
 * @param out the folder of the result
 * @param resume whether to go on from what the folder holds
 * @param command the words typed
 * @param canaries laid into the training for an audit; empty for none
 */
public record TrainingSpec(
    Network network,
    Map<String, Path> files,
    ReadOptions reading,
    Optional<Layout> layout,
    Recipe recipe,
    Optional<Saving> saving,
    Path out,
    boolean resume,
    List<String> command,
    Optional<CanarySpec> canaries) {
  /** The role that is learned from. */
  public static final String MEMBERS = "members";

  /** The role that validates. */
  public static final String NONMEMBERS = "nonmembers";

  /**
   * How often the state is saved, besides when the user stops it.
   *
   * @param every after so much time
   * @param epochs after so many epochs; 0 for time alone
   */
  public record Saving(Duration every, int epochs) {
    /** Every minute. */
    public static final Saving USUAL = new Saving(Duration.ofMinutes(1), 0);

    public Saving {
      inRange("--checkpoint-epochs", epochs, 0, 1_000_000);
    }
  }

  /** One training without canaries. */
  public TrainingSpec(
      Network network,
      Map<String, Path> files,
      ReadOptions reading,
      Optional<Layout> layout,
      Recipe recipe,
      Optional<Saving> saving,
      Path out,
      boolean resume,
      List<String> command) {
    this(network, files, reading, layout, recipe, saving, out, resume, command, Optional.empty());
  }

  /** All files that are read: those of the roles, and the user's own canaries. */
  Map<String, Path> filesWithCanaries() {
    Map<String, Path> all = new LinkedHashMap<>(files);
    if (canaries.orElse(null) instanceof CanarySpec.Own own) {
      all.put(Canaries.ROLE, own.file());
    }
    return all;
  }

  /** The same with these canaries laid into it. */
  public TrainingSpec with(CanarySpec laid) {
    return new TrainingSpec(
        network, files, reading, layout, recipe, saving, out, resume, command, Optional.of(laid));
  }

  public TrainingSpec {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    command = List.copyOf(command);
    check(files.containsKey(MEMBERS), "give the rows to train on with --members");
    check(
        List.of(MEMBERS, NONMEMBERS).containsAll(files.keySet()),
        "training takes --members and --nonmembers alone, but is given %s",
        files.keySet());
  }
}
