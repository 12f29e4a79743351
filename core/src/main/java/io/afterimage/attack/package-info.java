/** The contract of an attack; each family has a package of its own. */
@NullMarked
package io.afterimage.attack;

import org.jspecify.annotations.NullMarked;
