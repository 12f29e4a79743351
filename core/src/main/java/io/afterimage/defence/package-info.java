/** The contract of a defence. */
@NullMarked
package io.afterimage.defence;

import org.jspecify.annotations.NullMarked;
