package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import java.util.List;

/** What one operator computes. */
@FunctionalInterface
public interface Operator {
  /** The outputs, in order; trailing ones that nobody asks for may be left out. */
  List<Value> run(Call call);
}
