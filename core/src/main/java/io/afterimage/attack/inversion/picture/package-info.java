/** What attacks on pictures share: descents, climbs, filters and what of a picture is known. */
@NullMarked
package io.afterimage.attack.inversion.picture;

import org.jspecify.annotations.NullMarked;
