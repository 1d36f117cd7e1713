package io.ratatoskr.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.ClassifyRequest;
import io.ratatoskr.formats.LineInput;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.PairTruncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lines hold, what is asked and what rows hold, of each kind of job but embedding. */
@Timeout(180)
class JobKindsIT {
  private static final JobKind NLI = NliJob.of("m");

  @TempDir private Path folder;

  private final HashRatatoskr ratatoskr = new HashRatatoskr(1, 5, "");

  private JobResult run(JobConfig config) {
    return BulkJob.run(
        config.withLimits(JobLimits.defaults().withMinFreeBytes(0)),
        ratatoskr,
        ProgressListener.none(),
        new CancelSignal());
  }

  private JobConfig config(String input, String content, JobKind kind) throws IOException {
    Path file = Files.writeString(folder.resolve(input), content);
    return JobConfig.of(file.toString(), folder.resolve("out.jsonl"), kind);
  }

  private List<String> rows() throws IOException {
    return Files.readAllLines(folder.resolve("out.jsonl"));
  }

  private List<String> errors() throws IOException {
    return Files.readAllLines(folder.resolve("out.jsonl.errors.jsonl"));
  }

  private static float entailment(String premise, String hypothesis) {
    return (float) HashRatatoskr.scored(premise, hypothesis).entailment();
  }

  @Test
  void nli_pairs_giveTheirProbabilities() throws IOException {
    ratatoskr.failingTexts(text ->
        text.equals("poison")
            ? Optional.of(InferenceError.contextLengthExceeded(512, "600 tokens"))
            : Optional.empty());

    JobResult result =
        run(
            config(
                    "in.jsonl",
                    """
                    {"id":1,"premise":"long p","hypothesis":"h","lang":"en"}
                    {"id":2,"premise":"p","hypothesis":"two h"}
                    {"id":3,"premise":"p"}
                    {"id":4,"premise":"p","hypothesis":""}
                    {"id":5,"premise":"poison","hypothesis":"h"}
                    """,
                    NLI)
                .withKeep(List.of("lang")));

    assertThat(result).isInstanceOf(JobResult.WithErrorLines.class);
    float first = entailment("long p", "h");
    float second = entailment("p", "two h");
    assertThat(rows())
        .containsExactly(
            "{\"id\":1,\"label\":\"neutral\",\"entailment\":%s,\"neutral\":0.25,\"contradiction\":%s,\"model\":\"m\",\"truncated\":true,\"lang\":\"en\"}"
                .formatted(first, 1 - first),
            "{\"id\":2,\"label\":\"neutral\",\"entailment\":%s,\"neutral\":null,\"contradiction\":%s,\"model\":\"m\",\"lang\":null}"
                .formatted(second, 1 - second));
    assertThat(errors())
        .containsExactly(
            "{\"line\":3,\"id\":3,\"code\":\"InvalidInput\",\"reason\":\"field 'hypothesis' is"
                + " missing\"}",
            "{\"line\":4,\"id\":4,\"code\":\"InvalidInput\",\"reason\":\"the hypothesis is"
                + " empty\"}",
            "{\"line\":5,\"id\":5,\"code\":\"ContextLengthExceeded\",\"reason\":\"600 tokens\"}");
  }

  @Test
  void nli_samePremiseAnotherHypothesis_isAskedAgain() throws IOException {
    run(
        config(
            "in.csv",
            """
            id,premise,hypothesis
            a,p,h
            b,p,i
            c,p,h
            """,
            NLI));

    assertThat(rows()).hasSize(3);
    assertThat(ratatoskr.textsAsked()).containsExactly("p", "p");
  }

  @Test
  void nli_fieldsOfOtherNames_areFound() throws IOException {
    JobConfig config = config("in.jsonl", "{\"n\":7,\"text\":\"p\",\"claim\":\"h\"}\n", NLI);

    run(
        config.withInput(
            LineInput.of(config.input().file().orElseThrow().toString(), List.of("text", "claim"))
                .withIdField("n")));

    assertThat(rows()).singleElement().asString().startsWith("{\"id\":7,\"label\":\"neutral\"");
  }

  @Test
  void nli_txt_isRefusedSayingWhy() {
    assertThatThrownBy(() -> JobConfig.of("in.txt", folder.resolve("out.jsonl"), NLI))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not premise and hypothesis; use jsonl or csv");
  }

  @Test
  void classify_texts_giveTheTopLabelAndAllScores() throws IOException {
    run(config("in.txt", "of ships\nof cheese\n", ClassifyJob.of("m", List.of("wine", "cheese"))));

    assertThat(rows())
        .containsExactly(
            "{\"id\":1,\"label\":\"wine\",\"score\":0.25,\"labels\":[\"wine\",\"cheese\"],\"scores\":[0.25,0.25],\"model\":\"m\"}",
            "{\"id\":2,\"label\":\"cheese\",\"score\":0.75,\"labels\":[\"wine\",\"cheese\"],\"scores\":[0.25,0.75],\"model\":\"m\"}");
  }

  @Test
  void classify_manyLabels_asksFewTextsInARecord() throws IOException {
    List<String> labels = IntStream.range(0, 30).mapToObj(i -> "label " + i).toList();
    run(config("in.txt", "text\n".repeat(3) + "b\nc\nd\ne\n", ClassifyJob.of("m", labels)));

    assertThat(ratatoskr.requests())
        .hasSize(3)
        .allSatisfy(texts -> assertThat(texts).hasSizeLessThan(3));
  }

  @Test
  void classify_labelsThatCannotBe_areRefused() {
    for (List<String> labels : List.of(List.<String>of(), List.of("a", "a"), List.of(" "))) {
      assertThatThrownBy(() -> ClassifyJob.of("m", labels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("labels: ");
    }
    assertThatThrownBy(
            () -> new ClassifyJob("m", List.of("a"), "no place", false, PairTruncation.ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(ClassifyRequest.DEFAULT_TEMPLATE);
  }

  @Test
  void stance_oneTargetOrOneALine() throws IOException {
    StanceJob each = StanceJob.of("m");
    run(
        config(
            "in.jsonl",
            """
            {"id":1,"text":"build the bridge","target":"bridge"}
            {"id":2,"text":"build the bridge","target":"tunnel"}
            """,
            each));
    assertThat(rows())
        .containsExactly(
            "{\"id\":1,\"label\":\"favor\",\"favor\":0.75,\"against\":0.125,\"neutral\":0.125,\"model\":\"m\"}",
            "{\"id\":2,\"label\":\"against\",\"favor\":0.25,\"against\":0.5,\"neutral\":0.25,\"model\":\"m\"}");

    run(
        config(
                "in.txt",
                "the bridge\n",
                new StanceJob("m", Optional.of("bridge"), PairTruncation.ERROR))
            .withOnExisting(OnExisting.OVERWRITE));
    assertThat(rows()).singleElement().asString().contains("\"label\":\"favor\"");
  }

  @Test
  void progress_saysWhatLinesAre_andEndsWithAllOfThem() throws IOException {
    String lines =
        """
        {"id":1,"text":"t","premise":"p","hypothesis":"h","target":"x"}
        {"id":2,"text":"t"}
        """;

    assertThat(lastProgress(lines, EmbedJob.of("m")).unit()).isEqualTo("texts");
    assertThat(lastProgress(lines, ClassifyJob.of("m", List.of("a"))).unit()).isEqualTo("texts");
    assertThat(lastProgress(lines, StanceJob.of("m")).unit()).isEqualTo("pairs");
    Progress last = lastProgress(lines, NLI);
    assertThat(last.unit()).isEqualTo("pairs");
    assertThat(last.done()).isEqualTo(2);
    assertThat(last.total()).hasValue(2);
    assertThat(last.totalExact()).isTrue();
    assertThat(last.errors()).isEqualTo(1);
    assertThat(last.inFlight()).isZero();
  }

  private Progress lastProgress(String lines, JobKind kind) throws IOException {
    List<Progress> told = new ArrayList<>();
    BulkJob.run(
        config("in.jsonl", lines, kind)
            .withOnExisting(OnExisting.OVERWRITE)
            .withLimits(JobLimits.defaults().withMinFreeBytes(0)),
        ratatoskr,
        told::add,
        new CancelSignal());
    return told.getLast();
  }

  @Test
  void resume_asAnotherKind_isRefused() throws IOException {
    JobConfig config =
        config(
            "in.jsonl", "{\"id\":1,\"text\":\"t\",\"premise\":\"p\",\"hypothesis\":\"h\"}\n", NLI);
    BulkJob.open(config, BulkJob.Surroundings.system()).close();

    JobConfig other =
        JobConfig.of(folder.resolve("in.jsonl").toString(), config.output(), EmbedJob.of("m"))
            .withOnExisting(OnExisting.RESUME);
    assertThatThrownBy(() -> run(other))
        .isInstanceOf(BulkJobException.NotTheSameJob.class)
        .hasMessageContaining("kind was 'nli' and is 'embed'");
  }
}
