package io.afterimage.cli;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options out of bounds, and commands without what they need. */
class BadOptionsTest extends Refusals {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--references 1 | --references must be between 2 and 4096",
        "--references many | --references must be a whole number",
        "--claim epsilon=3,delta=1e-5 | --canaries",
        "--claim epsilon=3 | epsilon=3,delta=1e-5",
        "--claim epsilon=0,delta=1e-5 | epsilon must be above 0",
        "--claim epsilon=-1,delta=1e-5 | epsilon=3,delta=1e-5",
        "--claim epsilon=3,delta=0 | delta must be above 0",
        "--claim epsilon=3,delta=1 | delta must be above 0 and below 1",
        "--canaries nowhere | --canaries",
        "--canaries members.csv | --canaries",
        "--set membership-one-run.guesses=-1 | --guesses",
        "--set membership-one-run.delta=0 | --delta",
        "--query-budget 0 | --query-budget",
        "--query-budget -5 | --query-budget",
        "--query-budget 1.5 | --query-budget",
        "--query-budget 99999999999999999999 | --query-budget",
        "--query-budget | --query-budget",
        "--controls-budget -1 | --controls-budget",
        "--controls-budget soon | --controls-budget",
        "--controls-budget 99999999h | --controls-budget",
        "--seed x | --seed",
        "--seed 99999999999999999999 | --seed",
        "--threads 0 | --threads",
        "--threads -3 | --threads",
        "--threads 100000 | --threads",
        "--threads two | --threads",
        "--defend round:99 | --defend round:99",
        "--defend round:-1 | --defend round:-1",
        "--defend round:x | --defend round:x",
        "--defend round | --defend round",
        "--defend nonsense | --defend nonsense",
        "--defend round:2,,top-k:1 | --defend",
        "--defend top-k:0 | --defend top-k:0",
        "--defend label-only:3 | --defend label-only:3",
        "--defend gaussian:-0.1 | --defend gaussian",
        "--defend gaussian:NaN | --defend gaussian",
        "--defend laplace:Infinity | --defend laplace",
        "--defend temperature:0 | --defend temperature",
        "--access total | --access",
        "--attacks mi-nothing | mi-nothing",
        "--set steps=1 | --set",
        "--set mi-face.steps | --set",
        "--set mi-face.stepz=1 | stepz",
        "--set mi-face.steps=0 | steps",
        "--set mi-face.steps=many | steps",
        "--set mi-nothing.steps=1 | mi-nothing",
        "--policy lax | lax",
        "--exposure everyone | --exposure",
        "--output probabilities=odds | odds",
        "--output nothing=logits | nothing",
        "--output probabilities | --output",
        "--label species | --label",
        "--sensitive colour | colour",
        "--person colour | colour",
        "--id colour | colour",
        "--numeric colour | colour",
        "--categorical colour | colour",
        "--ignore colour | colour",
        "--numeric a --categorical a | --numeric",
        "--header maybe | --header",
        "--classes nowhere.txt | nowhere.txt",
        "--range 1 | --range",
        "--range 1,0 | --range",
        "--range 0,inf | --range",
        "--range dark,light | --range",
        "--mean 1 | --std",
        "--mean NaN --std 1 | --mean",
        "--mean 0 --std 0 | --std",
        "--layout chwn | --layout",
        "--population nowhere.csv | nowhere.csv",
        "--evaluation nowhere.csv | nowhere.csv",
        "--predictions a.csv,b.csv | --predictions",
        "--queries 5 | --queries",
        "--out | --out",
        "--members a.csv --members b.csv | --members",
      })
  void optionsOutOfBounds(String typed, String named) {
    List<String> arguments = audit();
    arguments.addAll(List.of(typed.split(" ")));
    assertRefused(arguments, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attack | name an attack",
        "attack mi-nothing | mi-nothing",
        "attack mi-face --steps 0 | steps",
        "attack mi-face --steps | --steps",
        "attack mi-face --steps many | steps",
        "attack mi-face --stepz 5 | stepz",
        "attack mi-face 5 | what is 5",
        "attack mi-search --query-budget 0 | --query-budget",
        "report | RUN",
        "report nowhere | nowhere",
        "report nowhere --reveal=7 | reveal",
        "inspect nowhere.onnx | nowhere.onnx",
        "inspect | MODEL.onnx",
        "inspect a.onnx b.onnx | b.onnx",
        "audit --nonsense | --nonsense",
        "audit nowhere.yaml | nowhere.yaml",
        "demo --nonsense | --nonsense",
        "frobnicate | frobnicate",
        "--nonsense | --nonsense",
      })
  void commandsWithoutWhatTheyNeed(String typed, String named) {
    List<String> arguments = new ArrayList<>(List.of(typed.split(" ")));
    if (arguments.get(0).equals("attack") && arguments.size() > 1) {
      arguments.addAll(
          List.of("--model", Irises.MODEL.toString(), "--members", members().toString()));
      arguments.addAll(List.of("--label", "species", "--out", folder.resolve("run").toString()));
    }
    assertRefused(arguments, named);
  }
}
