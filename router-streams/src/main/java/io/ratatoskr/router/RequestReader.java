package io.ratatoskr.router;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Limits;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.wire.ClassifyRequest;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.NliRequest;
import io.ratatoskr.schemas.wire.StanceRequest;
import io.ratatoskr.schemas.wire.TokenizeRequest;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads of requests what the router decides by: the model, and whether there is too much. */
final class RequestReader {
  private final Codec<EmbedRequest> embed;
  private final Codec<NliRequest> nli;
  private final Codec<ClassifyRequest> classify;
  private final Codec<StanceRequest> stance;
  private final Codec<TokenizeRequest> tokenize;

  RequestReader(SchemaIds ids) {
    embed = Codec.of(EmbedRequest.class, ids);
    nli = Codec.of(NliRequest.class, ids);
    classify = Codec.of(ClassifyRequest.class, ids);
    stance = Codec.of(StanceRequest.class, ids);
    tokenize = Codec.of(TokenizeRequest.class, ids);
  }

  /**
   * What a request asks for.
   *
   * @param model id that one of the pool's workers must know; empty where that does not decide
   * @param faultOrNull why no worker could answer it in reasonable time
   */
  record Asked(String model, @Nullable String faultOrNull) {

    Optional<String> fault() {
      return Optional.ofNullable(faultOrNull);
    }
  }

  /**
   * Reads a request of that capability.
   *
   * @throws io.ratatoskr.schemas.UndecodableRecordException if it is none
   * @throws io.ratatoskr.schemas.SchemaRegistryException if its schema cannot be asked for now
   */
  Asked read(Capability capability, byte[] value, Headers headers) {
    return switch (capability) {
      case EMBED -> {
        EmbedRequest request = embed.decode(value, headers);
        yield new Asked(request.getModel(), items(request.getItems().size(), Limits.ITEMS));
      }
      case NLI -> {
        NliRequest request = nli.decode(value, headers);
        yield new Asked(request.getModel(), items(request.getItems().size(), Limits.PAIRS));
      }
      case CLASSIFY -> {
        ClassifyRequest request = classify.decode(value, headers);
        yield new Asked(
            request.getModel(), pairs(request.getItems().size(), request.getLabels().size()));
      }
      case STANCE -> {
        StanceRequest request = stance.decode(value, headers);
        yield new Asked(request.getModel(), items(request.getItems().size(), Limits.PAIRS));
      }
      // The tokenizers of models that nobody here runs are known too, by more names than one.
      case TOKENIZE ->
          new Asked("", items(tokenize.decode(value, headers).getItems().size(), Limits.ITEMS));
      case CHAT, GENERATE -> new Asked("", null);
    };
  }

  private static @Nullable String items(int items, int most) {
    return items >= 1 && items <= most
        ? null
        : "a request holds 1 to " + most + " items, this one " + items;
  }

  /** One record must not keep a worker longer than its lock lasts. */
  private static @Nullable String pairs(int texts, int labels) {
    if (labels < 1 || labels > Limits.LABELS) {
      return "a request holds 1 to " + Limits.LABELS + " labels, this one " + labels;
    }
    if (texts > 1 && (long) texts * labels > Limits.LABEL_PAIRS) {
      return texts
          + " texts with "
          + labels
          + " labels are more than "
          + Limits.LABEL_PAIRS
          + " pairs; send fewer texts in a record";
    }
    return items(texts, Limits.ITEMS);
  }
}
