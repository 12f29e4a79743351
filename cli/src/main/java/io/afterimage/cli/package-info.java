/** The {@code afterimage} command. One file a command; none loads a native before it runs. */
@NullMarked
package io.afterimage.cli;

import org.jspecify.annotations.NullMarked;
