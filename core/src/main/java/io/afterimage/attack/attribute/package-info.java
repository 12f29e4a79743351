/** Attribute inference: a sensitive value guessed from the rest of a record. One file an attack. */
@NullMarked
package io.afterimage.attack.attribute;

import org.jspecify.annotations.NullMarked;
