/** One file in, one file out, through the client: window, journal, resume. */
@NullMarked
package io.ratatoskr.bulk;

import org.jspecify.annotations.NullMarked;
