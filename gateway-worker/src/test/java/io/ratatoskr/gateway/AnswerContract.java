package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ChatOptions;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ChatReducer;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.ReasoningEffort;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import io.ratatoskr.schemas.chat.ResponseFormat;
import io.ratatoskr.schemas.chat.ToolCall;
import io.ratatoskr.schemas.chat.ToolChoice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the answers of every provider, and for what it is asked. */
abstract class AnswerContract extends ProviderBed {
  @Test
  void answer_inOnePiece_isWhatTheProviderSaid() throws InterruptedException {
    List<ChatEvent> events = new ArrayList<>();

    ProviderOutcome outcome =
        run(whole("plain"), request(input(ChatOptions.defaults()), false), events::add);

    ChatAnswer answer = answer(outcome);
    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.usage()).isEqualTo(facade().usage());
    assertThat(answer.model()).isEqualTo("m");
    assertThat(((ProviderOutcome.Answered) outcome).revision()).isNotEmpty().isNotEqualTo("m");
    assertThat(events.get(0))
        .isEqualTo(new ChatEvent.Started(facade().folder(), "m", Location.LOCAL, "asked for"));
    assertThat(ChatReducer.answerOf(events)).contains(answer);
    RecordedRequest request = received();
    assertThat(request.getTarget()).isEqualTo(facade().target());
    assertThat(request.getHeaders().get(facade().keyHeader()))
        .isEqualTo(facade().keyPrefix() + KEY);
  }

  @Test
  void trace_ofTheRequest_goesOn_whereTheProviderIsToldOfIt() throws InterruptedException {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (boolean told : List.of(true, false)) {
      server.enqueue(whole("plain").build());
      answer(
          client(config().withTraced(told))
              .call(request(input(ChatOptions.defaults()), false), Trace.of(parent))
              .run(event -> {}));

      String header = received().getHeaders().get("traceparent");
      if (told) {
        assertThat(header)
            .matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01")
            .isNotEqualTo(parent);
      } else {
        assertThat(header).isNull();
      }
    }
  }

  /** Every provider makes a vector of each text in one call, or refuses before any. */
  @Test
  void vectors_areOneOfEachText_orAreRefusedUnasked() {
    ProviderClient client = client(config());
    EmbeddingRun run =
        new EmbeddingRun(
            client,
            List.of("one", "", "two"),
            "m",
            0,
            Instant.now().plusSeconds(120),
            Optional.empty());
    if (facade().type() == ProviderType.ANTHROPIC) {
      assertThat(run.run())
          .isInstanceOfSatisfying(
              EmbeddingRun.Outcome.Failed.class,
              failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.UNSUPPORTED));
      assertThat(server.getRequestCount()).isZero();
      return;
    }
    server.enqueue(whole("embeddings").build());
    if (facade().type() == ProviderType.OLLAMA) {
      server.enqueue(whole("tags").build());
    }

    EmbeddingRun.Outcome.Done done = (EmbeddingRun.Outcome.Done) run.run();

    assertThat(done.spaceId()).matches("[0-9a-f]{16}");
    assertThat(done.dimensions()).isEqualTo(3);
    assertThat(done.items().get(0)).isInstanceOf(EmbeddingRun.Item.Embedded.class);
    assertThat(done.items().get(1))
        .isInstanceOfSatisfying(
            EmbeddingRun.Item.Refused.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_INPUT));
    assertThat(done.items().get(2)).isInstanceOf(EmbeddingRun.Item.Embedded.class);
  }

  @Test
  void answer_streamed_isTheSame_inThePiecesThatCame() {
    List<ChatEvent> events = new ArrayList<>();

    ChatAnswer answer =
        answer(
            run(streamed("streamed"), request(input(ChatOptions.defaults()), true), events::add));

    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.usage()).isEqualTo(facade().usage());
    assertThat(ChatReducer.answerOf(events)).contains(answer);
    assertThat(
            events.stream()
                .filter(ChatEvent.Content.class::isInstance)
                .map(event -> ((ChatEvent.Content) event).text()))
        .containsExactly("The", " harvest is", " small, naïve", " 東京 🐿", ".");
    assertThat(events.get(events.size() - 1)).isInstanceOf(ChatEvent.Done.class);
  }

  /** A server that cannot stream answers in one piece, and is understood. */
  @Test
  void answer_inOnePieceThoughAStreamWasWanted_isTaken() {
    assertThat(answer(streamedOutcome(whole("plain"))).text()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tools_called_comeWithTheirArguments(boolean stream) {
    ChatAnswer answer =
        answer(run(stream ? streamed("tools") : whole("tools"), request(withTools(), stream)));

    assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(answer.toolCalls()).extracting(ToolCall::name).containsOnly("get_weather");
    assertThat(answer.toolCalls())
        .extracting(call -> Document.node(call.arguments()).toString())
        .containsExactly("{\"town\":\"Oslo\"}", "{\"town\":\"Rome\"}");
    assertThat(answer.toolCalls()).extracting(ToolCall::id).doesNotHaveDuplicates();
  }

  @Test
  void tools_resultsOfThem_goBackAsTheProviderWantsThem() throws InterruptedException {
    ChatAnswer calls = answer(run(streamed("tools"), request(withTools(), true)));
    received();
    ChatMessage[] turn = {
      calls.message(),
      ChatMessage.tool(calls.toolCalls().get(0).id(), "rain"),
      ChatMessage.tool(calls.toolCalls().get(1).id(), "sun")
    };

    answer(run(whole("plain"), request(withTools(turn), false)));

    assertBody(received(), "request-turn.json");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reasoning_isToldApartFromTheAnswer_andLeftOutIfWanted(boolean stream) {
    ProviderRequest wanted = request(input(ChatOptions.defaults()), stream);
    ChatAnswer shown = answer(run(stream ? streamed("reasoning") : whole("reasoning"), wanted));
    ChatOptions exclude =
        ChatOptions.builder()
            .reasoning(
                new ReasoningOptions(Optional.of(ReasoningEffort.LOW), OptionalInt.empty(), true))
            .build();
    ChatAnswer hidden =
        answer(
            run(
                stream ? streamed("reasoning") : whole("reasoning"),
                request(input(exclude), stream)));

    assertThat(shown.reasoning()).isEqualTo(THOUGHT);
    assertThat(shown.text()).isEqualTo(TEXT);
    assertThat(hidden.reasoning()).isEmpty();
    assertThat(hidden.text()).isEqualTo(TEXT);
  }

  @Test
  void request_withEverythingThatTheProviderTakes_isWrittenInItsLanguage()
      throws InterruptedException {
    List<ChatMessage> messages =
        List.of(
            ChatMessage.system("Be brief."),
            QUESTION,
            ChatMessage.assistant("Small."),
            ChatMessage.user("And next year?"));
    ChatInput all =
        new ChatInput(messages, List.of(WEATHER), ToolChoice.auto(), facade().options());

    answer(run(streamed("streamed"), request(all, true)));

    assertBody(received(), "request-full.json");
  }

  private void assertBody(RecordedRequest request, String file) {
    assertThat(body(request).node()).isEqualTo(Document.node(bytes(file)));
  }

  @Test
  void options_ofTheFacade_areAllThatTheProviderTakes() {
    assertThat(facade().options().parameters())
        .isEqualTo(Provider.of(config()).parameters())
        .isEqualTo(EnumSet.complementOf(facade().refused()));
  }

  @Test
  void option_thatTheProviderDoesNotTake_isRefusedBeforeItIsAsked() {
    for (ChatParameter parameter : facade().refused()) {
      ProviderRequest request = request(input(only(parameter)), true);

      InferenceError error = error(client(config()).call(request).run(event -> {}));

      assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
      assertThat(error.details()).containsEntry("param", parameter.parameterName());
    }
    assertThat(server.getRequestCount()).isZero();
  }

  private static ChatOptions only(ChatParameter parameter) {
    ChatOptions.Builder options = ChatOptions.builder();
    return switch (parameter) {
      case TEMPERATURE -> options.temperature(0).build();
      case TOP_P -> options.topP(1).build();
      case TOP_K -> options.topK(1).build();
      case MAX_TOKENS -> options.maxTokens(1).build();
      case STOP -> options.stop("x").build();
      case FREQUENCY_PENALTY -> options.frequencyPenalty(1).build();
      case PRESENCE_PENALTY -> options.presencePenalty(1).build();
      case REPETITION_PENALTY -> options.repetitionPenalty(1).build();
      case SEED -> options.seed(1).build();
      case PARALLEL_TOOL_CALLS -> options.parallelToolCalls(false).build();
      case RESPONSE_FORMAT -> options.responseFormat(new ResponseFormat.JsonObject()).build();
      case REASONING -> options.reasoning(ReasoningOptions.of(ReasoningEffort.LOW)).build();
      case CACHE_PROMPT -> options.cachePrompt(true).build();
      case RAW_PROVIDER_OPTIONS -> options.rawProviderOptions("{}").build();
    };
  }
}
