package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** The class labels of a classifier of ai.onnx.ml. */
record Labels(List<String> texts, long[] numbers) {

  static Labels of(Call c) {
    List<String> texts =
        c.attributes()
            .texts("classlabels_strings")
            .or(() -> c.attributes().texts("classlabels"))
            .orElse(List.of());
    long[] numbers =
        c.attributes()
            .integers("classlabels_int64s")
            .or(() -> c.attributes().integers("classlabels_ints"))
            .orElse(new long[0]);
    if (texts.isEmpty() && numbers.length == 0) {
      throw c.error("has no class labels");
    }
    return new Labels(texts, numbers);
  }

  int count() {
    return texts.isEmpty() ? numbers.length : texts.size();
  }

  /** The labels of these classes. */
  Value pick(Tensor classes) {
    if (texts.isEmpty()) {
      return Value.of(Indexing.indexSelect(Tensors.of(numbers, numbers.length), 0, classes));
    }
    List<String> picked =
        Arrays.stream(classes.toLongs()).mapToObj(i -> texts.get((int) i)).toList();
    return new Value.Strings(picked, classes.shape());
  }
}
