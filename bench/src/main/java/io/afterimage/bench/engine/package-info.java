/** The interpreter beside hand-written calls of the binding that do the same arithmetic. */
@org.jspecify.annotations.NullMarked
package io.afterimage.bench.engine;
