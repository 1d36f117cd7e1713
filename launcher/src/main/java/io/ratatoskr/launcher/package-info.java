/** The ratatoskr command and the all-in-one. */
@NullMarked
package io.ratatoskr.launcher;

import org.jspecify.annotations.NullMarked;
