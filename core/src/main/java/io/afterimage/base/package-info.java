/** What every other package may use: the run, checks, errors, and the description of an attack. */
@NullMarked
package io.afterimage.base;

import org.jspecify.annotations.NullMarked;
