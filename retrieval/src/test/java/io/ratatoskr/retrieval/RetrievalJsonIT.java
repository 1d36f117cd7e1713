package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results as JSON, and the run file that is made of them. */
class RetrievalJsonIT {
  private static final Retrieval FOUND =
      new Retrieval(
          new Query("7", "Is it \"so\"?"),
          List.of(
              new Hit(
                  1,
                  new Candidate("a b", "text one", 0.25),
                  new Judgement.Judged(
                      0.5, OptionalDouble.of(0.3), 0.2, NliReply.Label.ENTAILMENT, true),
                  0.375),
              new Hit(
                  2,
                  new Candidate("c", "text two", 0.125),
                  new Judgement.Judged(
                      0.25, OptionalDouble.empty(), 0.75, NliReply.Label.CONTRADICTION, false),
                  0.1875),
              new Hit(
                  3,
                  new Candidate("d", "text three", 0.5),
                  new Judgement.Unjudged(InferenceError.invalidInput("no")),
                  -1.5)),
          4,
          true,
          1,
          new Retrieval.Timings(
              Duration.ofMillis(1),
              Duration.ofMillis(2),
              Duration.ofNanos(500_400),
              Duration.ofSeconds(1)));

  @TempDir private Path folder;

  @Test
  void everyFieldIsWritten() {
    assertThat(new String(new RetrievalJson(false).bytes(FOUND, true), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"id":7,"query":"Is it \\"so\\"?","candidates":4,"judged":true,"unjudged":1,"hits":[\
            {"rank":1,"id":"a b","score":0.375,"cosine":0.25,"label":"entailment",\
            "entailment":0.5,"neutral":0.3,"contradiction":0.2,"truncated":true},\
            {"rank":2,"id":"c","score":0.1875,"cosine":0.125,"label":"contradiction",\
            "entailment":0.25,"contradiction":0.75},\
            {"rank":3,"id":"d","score":-1.5,"cosine":0.5,\
            "unjudged":{"code":"InvalidInput","reason":"no"}}],\
            "timings_ms":{"waiting":1.0,"embed":2.0,"search":0.5,"judge":1000.0}}\
            """);
    assertThat(new String(new RetrievalJson(true).bytes(FOUND), StandardCharsets.UTF_8))
        .startsWith("{\"id\":\"7\",")
        .contains("\"text\":\"text two\"");
  }

  @Test
  void theRunHasALineForEachHit() throws IOException {
    Path results = folder.resolve("results.jsonl");
    String row = new String(new RetrievalJson(false).bytes(FOUND, true), StandardCharsets.UTF_8);
    Files.writeString(results, row + "\n" + row.replace("{\"id\":7,", "{\"id\":1.50,") + "\n");
    Path run = Files.writeString(folder.resolve("run.txt"), "old");

    TrecRun.write(results, run);

    assertThat(run)
        .hasContent(
            """
            7 Q0 a%20b 1 0.375000 ratatoskr
            7 Q0 c 2 0.187500 ratatoskr
            7 Q0 d 3 -1.500000 ratatoskr
            1.50 Q0 a%20b 1 0.375000 ratatoskr
            1.50 Q0 c 2 0.187500 ratatoskr
            1.50 Q0 d 3 -1.500000 ratatoskr
            """);
  }
}
