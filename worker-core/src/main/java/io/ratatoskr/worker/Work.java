package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.time.Instant;

/**
 * A request as an engine sees it.
 *
 * @param capability what is asked for
 * @param lane the lane that it came on
 * @param tenant label for accounting
 * @param deadline after it nobody wants the answer
 * @param budget longest execution
 * @param payload the request record of the capability, as its sender wrote it
 */
public record Work(
    Capability capability,
    Lane lane,
    String tenant,
    Instant deadline,
    Duration budget,
    @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
        byte[] payload) {}
