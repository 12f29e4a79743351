/** Rows and what is known of their columns: datasets, schemas, splits, readers and encoders. */
@NullMarked
package io.afterimage.data;

import org.jspecify.annotations.NullMarked;
