/** What attacks of several families share. */
@NullMarked
package io.afterimage.attack.common;

import org.jspecify.annotations.NullMarked;
