/** How lanes share the processors of a machine, by the operating system's own means. */
@NullMarked
package io.ratatoskr.niceness;

import org.jspecify.annotations.NullMarked;
