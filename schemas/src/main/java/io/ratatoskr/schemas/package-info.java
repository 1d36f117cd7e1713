/** The wire: Avro records, topics, headers, fingerprint, errors, serde. */
@NullMarked
package io.ratatoskr.schemas;

import org.jspecify.annotations.NullMarked;
