package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestHead;

/**
 * One request as it will be sent.
 *
 * @param head what its key depends on, beside its value
 * @param value the encoded record
 * @param codec what encoded it
 */
@SuppressWarnings("ArrayRecordComponent") // known by its head, never compared
record RequestRecord(
    Domain domain,
    RequestHead head,
    Capability capability,
    Fingerprint key,
    byte[] value,
    Codec<?> codec) {}
