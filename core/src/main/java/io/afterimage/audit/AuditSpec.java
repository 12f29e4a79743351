package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.assess.EpsilonClaim;
import io.afterimage.base.Access;
import io.afterimage.base.Checks;
import io.afterimage.data.Layout;
import io.afterimage.data.ReadOptions;
import io.afterimage.target.Meaning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to audit, against whom, and how to decide.
 *
 * @param model the ONNX file; empty where files of predictions stand for it
 * @param predictions members' and non-members' scores; empty where there is a model
 * @param roles {@code members}, {@code nonmembers}, {@code population}, {@code evaluation} to their
 *     files
 * @param reading what is known of the columns
 * @param layout where a picture's channels stand; empty for what the model's input says
 * @param classIsPerson whether each class is one person
 * @param outputs an output's name to its meaning, where the user says it
 * @param access what the adversary sees; empty for all that the model file gives
 * @param attacks ids; empty for every attack that access, data and budget allow
 * @param canaries the record of the canaries that the model was trained with, or its folder; empty
 *     where there are none
 * @param claim of differential privacy that the canaries are to test; empty for none
 * @param settings an attack's id to its changed settings
 * @param queryBudget rows that each attack may ask about; empty for no bound
 * @param defences output defences to try, as typed: {@code round:2,label-only}; empty for none
 * @param controlsBudget time for the controls that retrain; empty for the time that the attacks
 *     took, at least a minute
 * @param policy a bundled profile's name or a file
 * @param exposure who can reach the model: public, customers or staff
 * @param prior the share of members among those whom an adversary suspects
 * @param out the run's folder
 * @param reveal whether the report holds people's values and pictures
 * @param resume whether to go on from what the folder holds
 * @param command the words that replay this run
 */
public record AuditSpec(
    Optional<Path> model,
    List<Path> predictions,
    Map<String, Path> roles,
    ReadOptions reading,
    Optional<Layout> layout,
    boolean classIsPerson,
    Map<String, Meaning> outputs,
    Optional<Access> access,
    List<String> attacks,
    Optional<Path> canaries,
    Optional<EpsilonClaim> claim,
    Map<String, Map<String, String>> settings,
    OptionalLong queryBudget,
    Optional<String> defences,
    Optional<Duration> controlsBudget,
    String policy,
    String exposure,
    double prior,
    Path out,
    boolean reveal,
    boolean resume,
    List<String> command) {

  /** The names of the roles, in order. */
  public static final List<String> ROLES =
      List.of("members", "nonmembers", "population", "evaluation");

  private static final List<String> EXPOSURES = List.of("public", "customers", "staff");

  public AuditSpec {
    predictions = List.copyOf(predictions);
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
    outputs = Map.copyOf(outputs);
    attacks = List.copyOf(attacks);
    settings = Map.copyOf(settings);
    command = List.copyOf(command);
    check(
        model.isPresent() != !predictions.isEmpty(),
        "give either --model FILE.onnx or --predictions MEMBERS,NONMEMBERS");
    check(
        predictions.isEmpty() || predictions.size() == 2,
        "--predictions takes two files, members' scores and non-members', but got %d",
        predictions.size());
    check(
        claim.isEmpty() || canaries.isPresent(),
        "--claim is tested on canaries: train with 'afterimage train --canaries N', and give that folder with --canaries");
    check(canaries.isEmpty() || model.isPresent(), "--canaries needs --model, not --predictions");
    check(
        EXPOSURES.contains(exposure),
        "--exposure must be one of %s, but is %s",
        EXPOSURES,
        exposure);
    check(prior > 0 && prior < 1, "--prior must be above 0 and below 1, but is %s", prior);
    queryBudget.ifPresent(n -> Checks.atLeast("--query-budget", n, 1));
  }

  /** The tables that are read, by role: the predictions' own, where they stand for a model. */
  Map<String, Path> tables() {
    if (predictions.isEmpty()) {
      return roles;
    }
    Map<String, Path> tables = new LinkedHashMap<>();
    tables.put("members", predictions.get(0));
    tables.put("nonmembers", predictions.get(1));
    Optional.ofNullable(roles.get("population")).ifPresent(file -> tables.put("population", file));
    return tables;
  }

  /** An audit of this ONNX file. */
  public static Builder ofModel(Path model) {
    return new Builder(Optional.of(model), List.of());
  }

  /** An audit of recorded scores. */
  public static Builder ofPredictions(Path members, Path nonMembers) {
    return new Builder(Optional.empty(), List.of(members, nonMembers));
  }

  /** Says one thing after the other. */
  public static final class Builder {
    private final Optional<Path> model;
    private final List<Path> predictions;
    private final Map<String, Path> roles = new LinkedHashMap<>();
    private final List<String> attacks = new ArrayList<>();
    private final Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    private final Map<String, Meaning> outputs = new LinkedHashMap<>();
    private ReadOptions reading = ReadOptions.defaults();
    private Optional<Layout> layout = Optional.empty();
    private boolean classIsPerson;
    private Optional<Access> access = Optional.empty();
    private Optional<Path> canaries = Optional.empty();
    private Optional<EpsilonClaim> claim = Optional.empty();
    private OptionalLong queryBudget = OptionalLong.empty();
    private Optional<String> defences = Optional.empty();
    private Optional<Duration> controlsBudget = Optional.empty();
    private String policy = "api";
    private String exposure = "public";
    private double prior = 0.5;
    private Path out = Path.of("afterimage-run");
    private boolean reveal;
    private boolean resume;
    private List<String> command = List.of();

    private Builder(Optional<Path> model, List<Path> predictions) {
      this.model = model;
      this.predictions = predictions;
    }

    public Builder members(Path file) {
      return role("members", file);
    }

    public Builder nonMembers(Path file) {
      return role("nonmembers", file);
    }

    public Builder population(Path file) {
      return role("population", file);
    }

    public Builder evaluation(Path file) {
      return role("evaluation", file);
    }

    /** The file of one of {@link #ROLES}. */
    public Builder role(String name, Path file) {
      check(ROLES.contains(name), "a role is one of %s, but is %s", ROLES, name);
      roles.put(name, file);
      return this;
    }

    public Builder reading(ReadOptions options) {
      reading = options;
      return this;
    }

    public Builder layout(Layout order) {
      layout = Optional.of(order);
      return this;
    }

    public Builder classIsPerson(boolean is) {
      classIsPerson = is;
      return this;
    }

    public Builder output(String name, Meaning meaning) {
      outputs.put(name, meaning);
      return this;
    }

    public Builder access(Access least) {
      access = Optional.of(least);
      return this;
    }

    public Builder attack(String id) {
      attacks.add(id);
      return this;
    }

    public Builder canaries(Path recordOrFolder) {
      canaries = Optional.of(recordOrFolder);
      return this;
    }

    public Builder claim(EpsilonClaim made) {
      claim = Optional.of(made);
      return this;
    }

    public Builder setting(String attack, String name, String value) {
      settings.computeIfAbsent(attack, unused -> new LinkedHashMap<>()).put(name, value);
      return this;
    }

    public Builder queryBudget(long rows) {
      queryBudget = OptionalLong.of(rows);
      return this;
    }

    public Builder defend(String list) {
      defences = Optional.of(list);
      return this;
    }

    public Builder controlsBudget(Duration time) {
      controlsBudget = Optional.of(time);
      return this;
    }

    public Builder policy(String nameOrFile) {
      policy = nameOrFile;
      return this;
    }

    public Builder exposure(String who) {
      exposure = who;
      return this;
    }

    public Builder prior(double share) {
      prior = share;
      return this;
    }

    public Builder out(Path folder) {
      out = folder;
      return this;
    }

    public Builder reveal(boolean on) {
      reveal = on;
      return this;
    }

    public Builder resume(boolean on) {
      resume = on;
      return this;
    }

    public Builder command(List<String> words) {
      command = words;
      return this;
    }

    public AuditSpec build() {
      return new AuditSpec(
          model,
          predictions,
          roles,
          reading,
          layout,
          classIsPerson,
          outputs,
          access,
          attacks,
          canaries,
          claim,
          settings,
          queryBudget,
          defences,
          controlsBudget,
          policy,
          exposure,
          prior,
          out,
          reveal,
          resume,
          command);
    }
  }
}
