/** The model under audit, as the adversary may reach it. */
@NullMarked
package io.afterimage.target;

import org.jspecify.annotations.NullMarked;
