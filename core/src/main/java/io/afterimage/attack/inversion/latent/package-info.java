/** What attacks with a prior share: the space of a generator's pictures and how it is searched. */
@NullMarked
package io.afterimage.attack.inversion.latent;

import org.jspecify.annotations.NullMarked;
