package io.ratatoskr.worker;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InputType;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Truncation;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Text;
import java.time.Duration;
import java.util.List;

/** Texts to be embedded by a {@link HashEngine}; the name is the text. */
public final class HashWork implements TestWork {
  private static final Duration COST = Duration.ofMillis(5);

  private final Codec<EmbedRequest> requests = Codec.of(EmbedRequest.class, SchemaIds.derived());

  @Override
  public Capability capability() {
    return Capability.EMBED;
  }

  @Override
  public String model() {
    return HashEngine.MODEL;
  }

  @Override
  public byte[] request(String name) {
    return requests.encode(
        new EmbedRequest(
            InputType.DOCUMENT, Truncation.ERROR, 0, List.of(new Item(new Text(name)))));
  }

  @Override
  public Engine<?> load() {
    return HashEngine.costing(COST);
  }
}
