/** Evidence measured against baselines, with intervals. Only calculates. */
@NullMarked
package io.afterimage.assess;

import org.jspecify.annotations.NullMarked;
