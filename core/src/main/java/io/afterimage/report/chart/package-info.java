/** Charts as inline SVG, drawn on the server: coloured by the page's style sheet, no script. */
@NullMarked
package io.afterimage.report.chart;

import org.jspecify.annotations.NullMarked;
