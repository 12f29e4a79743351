/** Wires one run: attack, evidence, judge, assessment, verdict, report. */
@NullMarked
package io.afterimage.audit;

import org.jspecify.annotations.NullMarked;
