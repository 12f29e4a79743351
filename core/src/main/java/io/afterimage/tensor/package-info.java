/** The only importer of libtorch: tensors, the scopes that free them, threads. */
@NullMarked
package io.afterimage.tensor;

import org.jspecify.annotations.NullMarked;
