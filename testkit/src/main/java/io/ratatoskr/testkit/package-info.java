/** JUnit extensions, a settable clock, a process killer, delivery guarantees. */
@NullMarked
package io.ratatoskr.testkit;

import org.jspecify.annotations.NullMarked;
