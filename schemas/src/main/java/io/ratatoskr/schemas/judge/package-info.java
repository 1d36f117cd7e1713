/** What requests for judgements come down to, as every worker reads them. */
@NullMarked
package io.ratatoskr.schemas.judge;

import org.jspecify.annotations.NullMarked;
