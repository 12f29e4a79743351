/** Membership inference: was this record trained on? One file an attack. */
@NullMarked
package io.afterimage.attack.membership;

import org.jspecify.annotations.NullMarked;
