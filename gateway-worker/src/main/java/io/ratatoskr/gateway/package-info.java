/** Chat and generate through providers over HTTP. */
@NullMarked
package io.ratatoskr.gateway;

import org.jspecify.annotations.NullMarked;
