/** ONNX graphs: parsing, checking, building, writing, and interpreting them on tensors. */
@NullMarked
package io.afterimage.graph;

import org.jspecify.annotations.NullMarked;
