/** report.html: its templates, compiled from src/main/jte into this package, and what they ask. */
@NullMarked
package io.afterimage.report.page;

import org.jspecify.annotations.NullMarked;
