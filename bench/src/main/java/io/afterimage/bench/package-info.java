/** Benchmarks and reproductions of papers on data that is too large, or too personal, to bundle. */
@NullMarked
package io.afterimage.bench;

import org.jspecify.annotations.NullMarked;
