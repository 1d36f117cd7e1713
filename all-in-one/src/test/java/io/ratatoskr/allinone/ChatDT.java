package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderType;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.chat.ChatEvent;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/chat.md works. */
@Timeout(180)
class ChatDT {

  @Test
  void streamsAnAnswer(@TempDir Path folder) throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.start(InetAddress.getLoopbackAddress(), 0);
      server.enqueue(
          new MockResponse.Builder()
              .addHeader("Content-Type", "text/event-stream")
              .body(
                  "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello \"}}]}\n\n"
                      + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"there\"},"
                      + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
              .build());
      PipelineConfig config =
          new PipelineConfig(
              folder.resolve("data"),
              0,
              Deployment.allInOne(),
              EnumSet.of(WorkerKind.GATEWAY),
              Configuration.of(Configuration.allInOne())
                  .withLanes(EnumSet.of(Lane.INTERACTIVE))
                  .withProvider(
                      ProviderConfig.of("stub", ProviderType.OPENAI, server.url("/v1").uri())));
      try (EmbeddedRatatoskr pipeline = EmbeddedRatatoskr.start(config)) {
        assertThat(answer(pipeline.bootstrap())).isEqualTo("Hello there");

        server.enqueue(
            new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body(
                    "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"Later\"}}]}")
                .build());
        assertThat(fetched(pipeline)).isEqualTo("Later");
      }
    }
  }

  private static String fetched(Ratatoskr ratatoskr) {
    // tag::handle[]
    String id =
        ratatoskr
            .submit(ChatRequest.of("llama3.2", "Why is the sky blue?"))
            .handle()
            .join()
            .toString();
    // The process may end here, and another one go on:
    ChatReply reply = ratatoskr.await(Handle.parse(id), ChatReply.class).join();
    System.out.println(reply.text());
    // end::handle[]
    return reply.text();
  }

  private static String answer(String bootstrap) {
    // tag::chat[]
    StringBuilder text = new StringBuilder();
    try (Ratatoskr ratatoskr = KafkaRatatoskr.connect(bootstrap);
        ChatStream<ChatReply> stream =
            ratatoskr.chatStream(ChatRequest.of("llama3.2", "Why is the sky blue?"))) {
      for (ChatEvent event : stream) {
        if (event instanceof ChatEvent.Content content) {
          System.out.print(content.text());
          text.append(content.text());
        }
      }
      System.out.println(" (" + stream.reply().join().provenance().provider() + ")");
    }
    // end::chat[]
    return text.toString();
  }
}
