/** Defences that change the model's answers. One file a defence. */
@NullMarked
package io.afterimage.defence.output;

import org.jspecify.annotations.NullMarked;
