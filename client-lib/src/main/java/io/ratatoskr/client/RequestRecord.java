package io.ratatoskr.client;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.RequestId;

/**
 * One request as it will be sent.
 *
 * @param value the encoded record
 * @param codec what encoded it
 */
@SuppressWarnings("ArrayRecordComponent") // known by its id, never compared
record RequestRecord(
    RequestId id, Capability capability, Fingerprint key, byte[] value, Codec<?> codec) {}
