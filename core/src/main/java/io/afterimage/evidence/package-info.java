/** The raw results of attacks: scores, guesses and reconstructions, never a verdict. */
@NullMarked
package io.afterimage.evidence;

import org.jspecify.annotations.NullMarked;
