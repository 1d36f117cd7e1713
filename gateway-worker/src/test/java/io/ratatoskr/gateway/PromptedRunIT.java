package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.judge.Labelling;
import io.ratatoskr.schemas.judge.Premises;
import io.ratatoskr.schemas.wire.ClassifyReply;
import io.ratatoskr.schemas.wire.ErrorRecord;
import io.ratatoskr.schemas.wire.LabelScores;
import io.ratatoskr.schemas.wire.NliLabel;
import io.ratatoskr.schemas.wire.NliReply;
import io.ratatoskr.schemas.wire.NliScores;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items that a language model judges, which writes what it likes. */
class PromptedRunIT {
  private final AnsweringServer server = new AnsweringServer(this::answer);
  private final List<Document> prompts = Collections.synchronizedList(new ArrayList<>());
  private int status = 200;

  /** What the model writes about one item of a prompt. */
  private BiFunction<Integer, Document, String> writes =
      (id, item) ->
          "{\"id\": %d, \"entailment\": 0.6, \"neutral\": 0.3, \"contradiction\": 0.1}"
              .formatted(id);

  /** What it writes around its answers. */
  private String around = "{\"items\": [%s]}";

  @AfterEach
  void stop() {
    server.close();
  }

  private MockResponse answer(RecordedRequest request) {
    Document prompt = new Document(Document.node(Objects.requireNonNull(request.getBody()).utf8()));
    prompts.add(prompt);
    String written =
        items(prompt).stream()
            .map(item -> writes.apply((int) item.count("id").orElseThrow(), item))
            .collect(Collectors.joining(","));
    var answer = Document.object().put("model", "m-2026").put("object", "chat.completion");
    var choice =
        answer.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", around.formatted(written));
    answer.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(status == 200 ? answer.toString() : "{\"error\":{\"message\":\"no\"}}")
        .build();
  }

  /** The items that a prompt shows. */
  private static List<Document> items(Document prompt) {
    String user = prompt.list("messages").getLast().text("content");
    List<Document> all = new ArrayList<>();
    Document.node(user).forEach(item -> all.add(new Document(item)));
    return all;
  }

  private PromptedRun.Outcome run(PromptedItems items) {
    ProviderConfig config = ProviderConfig.of("p", ProviderType.OPENAI, server.url());
    try (ProviderClient client =
        ProviderClient.of(config, new SimpleMeterRegistry(), Clock.systemUTC())) {
      return new PromptedRun(
              client, items, "m", "asked for", Instant.now().plusSeconds(120), Optional.empty())
          .run();
    }
  }

  private PromptedRun.Outcome.Done done(PromptedItems items) {
    return (PromptedRun.Outcome.Done) run(items);
  }

  private ErrorCode failed(PromptedItems items) {
    return ((PromptedRun.Outcome.Failed) run(items)).error().code();
  }

  private static PromptedPairs pairs(int count) {
    return new PromptedPairs(
        IntStream.range(0, count)
            .mapToObj(i -> new Premises.Pair("It rains on day %d.".formatted(i), "It is wet."))
            .toList(),
        Codec.of(NliReply.class, SchemaIds.derived()));
  }

  private static PromptedLabels labels(boolean multiLabel, String... texts) {
    List<String> labels = List.of("sport", "politics");
    return new PromptedLabels(
        new Labelling(
            List.of(texts),
            labels,
            labels.stream().map("It is about %s."::formatted).toList(),
            multiLabel),
        Codec.of(ClassifyReply.class, SchemaIds.derived()));
  }

  @Test
  void pairs_goSeveralInAPrompt_asDataUnderASchema() {
    PromptedRun.Outcome.Done done = done(pairs(10));

    assertThat(done.items())
        .hasSize(10)
        .allSatisfy(item -> {
          NliScores scores = (NliScores) item;
          assertThat(scores.getLabel()).isEqualTo(NliLabel.ENTAILMENT);
          assertThat(scores.getEntailment()).isCloseTo(0.6f, within(1e-6f));
          assertThat(scores.getNeutral()).isCloseTo(0.3f, within(1e-6f));
        });
    assertThat(done.revision()).isEqualTo("m-2026");
    assertThat(done.usage()).isEqualTo(TokenUsage.of(200, 20));
    assertThat(prompts.stream().map(prompt -> items(prompt).size())).containsExactly(8, 2);
    assertThat(items(prompts.get(1)).getFirst().text("premise")).isEqualTo("It rains on day 8.");
    Document format = prompts.getFirst().at("response_format").at("json_schema");
    assertThat(format.isTrue("strict")).isTrue();
    assertThat(format.json()).contains("\"entailment\":{\"type\":\"number\"}");
  }

  @Test
  void scores_thatDoNotAddUp_areTakenInProportion() {
    writes =
        (id, item) ->
            "{\"id\": %d, \"entailment\": 0.2, \"neutral\": 0.2, \"contradiction\": 0.8}"
                .formatted(id);

    NliScores scores = (NliScores) done(pairs(1)).items().getFirst();

    assertThat(scores.getContradiction()).isCloseTo(2 / 3f, within(1e-6f));
    assertThat(scores.getLabel()).isEqualTo(NliLabel.CONTRADICTION);
  }

  @Test
  void answer_inAFence_isRead() {
    around = "```json\n{\"items\": [%s]}\n```";

    assertThat(done(pairs(2)).items()).hasSize(2).allMatch(NliScores.class::isInstance);
  }

  @Test
  void answer_toOneItem_thatCannotBeRead_isItsOwnError_andItsNeighboursAreJudged() {
    var right = writes;
    writes =
        (id, item) ->
            item.text("premise").equals("It rains on day 5.")
                ? "{\"id\": %d, \"entailment\": \"likely\"}".formatted(id)
                : right.apply(id, item);

    List<Object> items = done(pairs(8)).items();

    for (int i = 0; i < items.size(); i++) {
      assertThat(items.get(i)).isInstanceOf(i == 5 ? ErrorRecord.class : NliScores.class);
    }
    assertThat(((ErrorRecord) items.get(5)).getCode()).isEqualTo(ErrorCode.JSON.wireName());
  }

  @Test
  void nothing_thatCanBeRead_isAnErrorOfTheWhole_soThatAnotherCandidateIsAsked() {
    around = "I would say that it follows.";
    assertThat(failed(pairs(2))).isEqualTo(ErrorCode.JSON);

    around = "{\"items\": []}";
    assertThat(failed(pairs(1))).isEqualTo(ErrorCode.JSON);

    around = "{\"items\": [%s]}";
    writes = (id, item) -> "{\"id\": %d, \"entailment\": 90, \"neutral\": 5}".formatted(id);
    assertThat(failed(pairs(1))).isEqualTo(ErrorCode.JSON);

    writes =
        (id, item) ->
            "{\"id\":%d,\"entailment\":0,\"neutral\":0,\"contradiction\":0}".formatted(id);
    assertThat(failed(pairs(1))).isEqualTo(ErrorCode.JSON);
  }

  @Test
  void refusal_thatIsNotOfTheItems_isThatOfTheRequest_atOnce() {
    status = 401;

    assertThat(failed(pairs(8))).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(prompts).hasSize(1);
  }

  @Test
  void empty_side_isItsOwnError_andNobodyIsAskedForIt() {
    PromptedPairs one =
        new PromptedPairs(List.of(new Premises.Pair("", "It is wet.")), pairs(1).replies());

    assertThat(done(one).items()).singleElement().isInstanceOf(ErrorRecord.class);
    assertThat(prompts).isEmpty();
  }

  @Test
  void labels_addUpToOne_unlessEachIsJudgedByItself() {
    writes = (id, item) -> "{\"id\": %d, \"scores\": [0.9, 0.6]}".formatted(id);

    LabelScores one = (LabelScores) done(labels(false, "A goal!")).items().getFirst();
    LabelScores many = (LabelScores) done(labels(true, "A goal!")).items().getFirst();

    assertThat(one.getScores()).containsExactly(0.6f, 0.4f);
    assertThat(many.getScores()).containsExactly(0.9f, 0.6f);
    assertThat(prompts.getFirst().list("messages").getFirst().text("content"))
        .contains("It is about sport.", "It is about politics.");
  }

  @Test
  void labels_ofWhichOneHasNoScore_areAnError() {
    writes = (id, item) -> "{\"id\": %d, \"scores\": [0.9]}".formatted(id);

    assertThat(failed(labels(false, "A goal!"))).isEqualTo(ErrorCode.JSON);
  }
}
