package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The texts of a request in calls to a provider, which refuses what is too long for it. */
class EmbeddingRunIT {
  private static final int LONGEST = 20;

  private final AnsweringServer server = new AnsweringServer(this::answer);
  private final List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
  private int status = 400;
  private int dimensions;

  /** The lengths that were asked for. */
  private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    server.close();
  }

  /** A vector of each text: its number; tokens: its length. */
  private MockResponse answer(RecordedRequest request) {
    MockResponse.Builder response =
        new MockResponse.Builder().addHeader("Content-Type", "application/json");
    if (request.getTarget().equals("/api/tags")) {
      return response.body("{\"models\":[{\"name\":\"m:latest\",\"digest\":\"d1\"}]}").build();
    }
    Document asked = new Document(Document.node(Objects.requireNonNull(request.getBody()).utf8()));
    asked.count("dimensions").ifPresent(this.asked::add);
    List<String> texts = asked.list("input").stream().map(Document::text).toList();
    calls.add(texts.size());
    if (texts.stream().anyMatch(text -> text.length() > LONGEST)) {
      return response
          .code(status)
          .body("{\"error\":{\"message\":\"maximum context length is 20 tokens\"}}")
          .build();
    }
    StringBuilder data = new StringBuilder();
    int tokens = 0;
    for (int i = 0; i < texts.size(); i++) {
      String number = texts.get(i).strip();
      data.append(i == 0 ? "" : ",")
          .append(
              request.getTarget().startsWith("/api/")
                  ? "[%s]".formatted(number)
                  : "{\"index\":%d,\"embedding\":[%s]}".formatted(i, number));
      tokens += texts.get(i).length();
    }
    return response
        .body(
            """
            {"model": "m-1", "data": [%1$s], "embeddings": [%1$s], "prompt_eval_count": %2$d,
              "usage": {"prompt_tokens": %2$d}}
            """
                .formatted(data, tokens))
        .build();
  }

  private EmbeddingRun.Outcome run(ProviderConfig config, List<String> texts) {
    try (ProviderClient client =
        ProviderClient.of(config, new SimpleMeterRegistry(), Clock.systemUTC())) {
      return new EmbeddingRun(
              client, texts, "m", dimensions, Instant.now().plusSeconds(120), Optional.empty())
          .run();
    }
  }

  private ProviderConfig config(ProviderType type) {
    return ProviderConfig.of("p", type, server.url());
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static String tooLong(int number) {
    return number + " ".repeat(LONGEST);
  }

  private static EmbeddingRun.Outcome.Done done(EmbeddingRun.Outcome outcome) {
    assertThat(outcome).isInstanceOf(EmbeddingRun.Outcome.Done.class);
    return (EmbeddingRun.Outcome.Done) outcome;
  }

  /** Each text has the vector of its own number, but those that are refused. */
  private static void assertEmbedded(EmbeddingRun.Outcome.Done done, List<Integer> refused) {
    for (int i = 0; i < done.items().size(); i++) {
      float expected = i;
      switch (done.items().get(i)) {
        case EmbeddingRun.Item.Embedded embedded -> {
          assertThat(refused).doesNotContain(i);
          assertThat(embedded.vector()).containsExactly(expected);
        }
        case EmbeddingRun.Item.Refused failed -> {
          assertThat(refused).contains(i);
          assertThat(failed.error().code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        }
      }
    }
  }

  @Test
  void texts_goInAsFewCallsAsTheProviderTakes() {
    ProviderConfig config =
        config(ProviderType.OPENAI).withEmbeddings(new ProviderEmbeddings(List.of(), 32));

    EmbeddingRun.Outcome.Done done = done(run(config, numbers(70)));

    assertThat(calls).containsExactly(32, 32, 6);
    assertEmbedded(done, List.of());
    assertThat(done.revision()).isEqualTo("m-1");
    assertThat(done.dimensions()).isEqualTo(1);
  }

  @Test
  void texts_thatAreRefused_standAlone_andTheirNeighboursHaveVectors() {
    List<String> texts = new ArrayList<>(numbers(64));
    texts.set(5, tooLong(5));
    texts.set(40, tooLong(40));

    assertEmbedded(done(run(config(ProviderType.OPENAI), texts)), List.of(5, 40));
    assertThat(calls).hasSizeLessThanOrEqualTo(2 * 2 * 6 + 1);
  }

  @Test
  void provider_thatRefusesEverything_isNotAskedForEachText() {
    List<String> texts = IntStream.range(0, 256).mapToObj(EmbeddingRunIT::tooLong).toList();

    EmbeddingRun.Outcome.Done done = done(run(config(ProviderType.OPENAI), texts));

    assertThat(done.items()).hasSize(256).allMatch(EmbeddingRun.Item.Refused.class::isInstance);
    assertThat(done.spaceId()).isEmpty();
    assertThat(calls).hasSizeLessThan(40);
  }

  @Test
  void refusal_thatIsNotOfTheTexts_isThatOfTheRequest() {
    status = 401;

    assertThat(run(config(ProviderType.OPENAI), List.of("0", tooLong(1))))
        .isInstanceOfSatisfying(
            EmbeddingRun.Outcome.Failed.class,
            failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED));
    assertThat(calls).containsExactly(2);
  }

  @Test
  void dimensions_areAskedFor_andVectorsOfOthersAreRefused() {
    dimensions = 1;
    EmbeddingRun.Outcome.Done done = done(run(config(ProviderType.OPENAI), numbers(2)));
    assertThat(done.dimensions()).isEqualTo(1);
    assertThat(asked).containsExactly(1L);

    dimensions = 2;
    assertThat(run(config(ProviderType.OLLAMA), numbers(2)))
        .isInstanceOfSatisfying(
            EmbeddingRun.Outcome.Failed.class,
            failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER));
    assertThat(asked).containsExactly(1L, 2L);
  }

  /** Ollama is asked for the model's digest after the vectors; one place must do for both. */
  @Test
  void ollama_withOnePlace_tellsTheDigestOfItsModel() {
    ProviderConfig config =
        config(ProviderType.OLLAMA).withLimits(ProviderLimits.defaults().withConcurrent(1));

    EmbeddingRun.Outcome.Done done = done(run(config, numbers(3)));

    assertEmbedded(done, List.of());
    assertThat(done.revision()).isEqualTo("d1");
  }
}
