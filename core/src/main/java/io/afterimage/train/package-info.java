/** Fits graphs and trees: trainers, losses, optimisers and architectures. */
@NullMarked
package io.afterimage.train;

import org.jspecify.annotations.NullMarked;
