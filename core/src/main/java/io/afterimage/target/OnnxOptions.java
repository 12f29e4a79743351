package io.afterimage.target;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model file is opened.
 *
 * @param threads that ONNX Runtime may use for one batch
 * @param outputs what an output means, by its name, where the user knows better; the first named is
 *     the one that is read
 * @param classes names of the classes in the order of the answers' columns; empty to take those of
 *     the file
 * @param sample some rows like those that will be asked about. They settle what the file leaves
 *     open: extents, the meaning of outputs, whether rows mix. Without them inputs are drawn
 */
public record OnnxOptions(
    int threads, Map<String, Meaning> outputs, List<String> classes, Optional<Dataset> sample) {
  /** One thread, everything as the file says. */
  public static final OnnxOptions DEFAULTS =
      new OnnxOptions(1, Map.of(), List.of(), Optional.empty());

  public OnnxOptions {
    Checks.inRange("--threads", threads, 1, 1024);
    outputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    classes = List.copyOf(classes);
    Checks.check(
        classes.stream().distinct().count() == classes.size(),
        "--classes names a class twice: %s",
        classes);
  }

  public OnnxOptions withThreads(int count) {
    return new OnnxOptions(count, outputs, classes, sample);
  }

  /** With what was typed behind {@code --output}: {@code NAME=logits}, one or several. */
  public OnnxOptions withOutputs(List<String> typed) {
    Map<String, Meaning> meanings = new LinkedHashMap<>();
    for (String one : typed) {
      int split = one.lastIndexOf('=');
      if (split < 1) {
        throw new BadInputException("--output %s: write NAME=MEANING".formatted(one));
      }
      meanings.put(one.substring(0, split), Meaning.of(one.substring(split + 1)));
    }
    return new OnnxOptions(threads, meanings, classes, sample);
  }

  public OnnxOptions withClasses(List<String> names) {
    return new OnnxOptions(threads, outputs, names, sample);
  }

  public OnnxOptions withSample(Dataset rows) {
    return new OnnxOptions(threads, outputs, classes, Optional.of(rows));
  }
}
