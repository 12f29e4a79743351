/** Model inversion: inputs rebuilt from answers. One file an attack. */
@NullMarked
package io.afterimage.attack.inversion;

import org.jspecify.annotations.NullMarked;
