/** A run written for people and for machines: HTML, JSON, JUnit and SARIF. */
@NullMarked
package io.afterimage.report;

import org.jspecify.annotations.NullMarked;
