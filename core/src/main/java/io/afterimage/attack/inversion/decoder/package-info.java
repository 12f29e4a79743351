/** Networks that turn answers or inner values back into rows. */
@NullMarked
package io.afterimage.attack.inversion.decoder;

import org.jspecify.annotations.NullMarked;
