/** Trains what judges: evaluators, model-free baselines and the blind classifier. */
@NullMarked
package io.afterimage.judge;

import org.jspecify.annotations.NullMarked;
