package io.ratatoskr.schemas;

import io.ratatoskr.schemas.wire.ChatReply;
import io.ratatoskr.schemas.wire.ChatRequest;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.EmbedReply;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.GenerateReply;
import io.ratatoskr.schemas.wire.GenerateRequest;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.StanceReply;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.TokenizeReply;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** The capabilities: kinds of requests, each with request topics of its own. */
public enum Capability {
  CHAT(ChatRequest.class, ChatReply.class, 1),
  GENERATE(GenerateRequest.class, GenerateReply.class, 1),
  EMBED(EmbedRequest.class, EmbedReply.class, Limits.ITEMS),
  NLI(NliRequest.class, NliReply.class, Limits.PAIRS),
  CLASSIFY(ClassifyRequest.class, ClassifyReply.class, Limits.PAIRS),
  STANCE(StanceRequest.class, StanceReply.class, Limits.PAIRS),
  TOKENIZE(TokenizeRequest.class, TokenizeReply.class, Limits.ITEMS);

  private final Class<? extends SpecificRecord> request;
  private final Class<? extends SpecificRecord> reply;
  private final int recordItems;

  Capability(
      Class<? extends SpecificRecord> request,
      Class<? extends SpecificRecord> reply,
      int recordItems) {
    this.request = request;
    this.reply = reply;
    this.recordItems = recordItems;
  }

  /** Most items in one record, see {@link Limits#recordItems}. */
  int recordItems() {
    return recordItems;
  }

  /** The classes of its records, which travel as payloads of requests and replies. */
  Stream<Class<? extends SpecificRecord>> records() {
    return Stream.of(request, reply);
  }

  /**
   * Whether a worker must have the model loaded. To count tokens takes its tokenizer alone, and
   * those of models that nobody here runs are known too.
   */
  public boolean runsModel() {
    return this != TOKENIZE;
  }

  /** Whether an answer may be streamed, see {@link io.ratatoskr.schemas.chat.ChatEvent}. */
  public boolean streams() {
    return this == CHAT || this == GENERATE;
  }

  /** Whether it is answered by models that read pairs of texts and score them. */
  public boolean judges() {
    return recordItems == Limits.PAIRS;
  }

  /** The capability's part of a topic name; also its name in records and metrics. */
  public String topicName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The capability of that topic name, if there is one. */
  public static Optional<Capability> ofTopicName(String name) {
    for (Capability capability : values()) {
      if (capability.topicName().equals(name)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
