package io.ratatoskr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TextContent;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ChatStreamTest {
  private final Codec<Chunk> codec = Codec.of(Chunk.class, SchemaIds.derived());
  private final CompletableFuture<ChatReply> whole = new CompletableFuture<>();
  private final ChatStream<ChatReply> stream = ChatStream.of(whole);

  private void arrives(byte[] chunk) {
    stream.parts(codec).take(ChatChunk.KIND, chunk, new RecordHeaders());
  }

  private byte[] chunk(int sequence, String text) {
    return codec.encode(
        new ChatChunk("a", 1, sequence, List.of(new ChatEvent.Content(text))).toWire());
  }

  @Test
  void aChunkThatNobodyCanRead_isMadeUpForByTheAnswer() {
    arrives(chunk(0, "one "));
    arrives(new byte[] {9, 9, 9});
    arrives(chunk(2, "three"));
    whole.complete(
        new ChatReply(
            new ChatAnswer(
                "m",
                List.of(new TextContent("one two three")),
                "",
                List.of(),
                FinishReason.STOP,
                TokenUsage.unknown(),
                ""),
            new Provenance(
                "p",
                "m",
                "r",
                "w",
                Location.LOCAL,
                Provenance.CacheUse.NONE,
                Optional.empty(),
                1,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                "",
                "",
                List.of(),
                false)));

    List<ChatEvent> events = new ArrayList<>();
    stream.forEach(events::add);
    assertThat(events)
        .startsWith(new ChatEvent.Content("one "), new ChatEvent.Content("two three"))
        .endsWith(new ChatEvent.Done(FinishReason.STOP, ""));
  }
}
