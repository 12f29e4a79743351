/** Assessments held against a profile of thresholds: the verdict. */
@NullMarked
package io.afterimage.policy;

import org.jspecify.annotations.NullMarked;
