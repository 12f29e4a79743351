package io.afterimage.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * Arguments left out. One of each, never changed: making them anew costs more than small
 * operations.
 */
final class Absent {
  static final ScalarTypeOptional TYPE = new ScalarTypeOptional();
  static final TensorOptional TENSOR = new TensorOptional();
  static final TensorVector TENSORS = new TensorVector();
  static final LongOptional LONG = new LongOptional();
  static final MemoryFormatOptional FORMAT = new MemoryFormatOptional();

  private Absent() {}
}
