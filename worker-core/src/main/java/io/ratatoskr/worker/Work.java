package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as an engine sees it.
 *
 * @param capability what is asked for
 * @param model id of the model to infer with
 * @param lane the lane that it came on
 * @param tenant label for accounting
 * @param deadline after it nobody wants the answer
 * @param budget longest execution
 * @param reason why this model and pool were chosen, for people
 * @param defaults options that count where the request leaves them out
 * @param payload the request record of the capability, as its sender wrote it
 * @param schema the {@code schema} header that it came with, for {@link
 *     io.ratatoskr.schemas.Codec#decode(byte[], String)}; null where it had none
 * @param traceparent the {@code traceparent} header that it came with, a W3C trace context; null
 *     where it had none
 */
public record Work(
    Capability capability,
    String model,
    Lane lane,
    String tenant,
    Instant deadline,
    Duration budget,
    String reason,
    ChatOptions defaults,
    @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
        byte[] payload,
    @Nullable String schema,
    @Nullable String traceparent) {}
