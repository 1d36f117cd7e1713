package io.ratatoskr.router;

import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.Reply;
import io.ratatoskr.schemas.wire.ReplyAnswer;
import java.nio.charset.StandardCharsets;

/** A reply as a client sees it. */
record Told(RequestId id, int partition, Reply reply) {
  String answer() {
    ReplyAnswer answer = (ReplyAnswer) reply.getOutcome();
    return StandardCharsets.UTF_8.decode(answer.getPayload().duplicate()).toString();
  }

  ErrorRecord error() {
    return (ErrorRecord) reply.getOutcome();
  }

  /** The answer, or the error's code. */
  String outcome() {
    return reply.getOutcome() instanceof ReplyAnswer ? answer() : error().getCode();
  }
}
