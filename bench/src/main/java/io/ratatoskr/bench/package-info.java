/** End-to-end figures beside the peers; ratios in one run. */
@NullMarked
package io.ratatoskr.bench;

import org.jspecify.annotations.NullMarked;
