package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.NliReply;
import io.ratatoskr.retrieval.Candidate;
import io.ratatoskr.retrieval.Hit;
import io.ratatoskr.retrieval.Judgement;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.schemas.InferenceError;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SearchTableTest {
  private static final Retrieval.Timings TIMINGS =
      new Retrieval.Timings(
          Duration.ZERO, Duration.ofMillis(12), Duration.ofMillis(1), Duration.ofMillis(350));

  @Test
  void oneLineForEachHit_cutToTheTerminal() {
    Retrieval found =
        new Retrieval(
            new Query("q", "query"),
            List.of(
                new Hit(
                    1,
                    new Candidate("tree-1", "An ash  tree\nwith black buds in pairs.", 0.7),
                    new Judgement.Judged(
                        0.9, OptionalDouble.of(0.05), 0.05, NliReply.Label.ENTAILMENT, false),
                    0.8),
                new Hit(
                    2,
                    new Candidate("a-rather-long-id-of-a-text", "Short.", 0.6),
                    new Judgement.Unjudged(InferenceError.invalidInput("no")),
                    -1.4)),
            100,
            true,
            1,
            TIMINGS);

    assertThat(SearchTable.lines(found, 80))
        .containsExactly(
            "  # score cosine entails contra id                       text",
            "  1 0.800  0.700   0.900  0.050 tree-1                   An ash tree with blac…",
            "  2     -  0.600 InvalidInput   a-rather-long-id-of-a-t… Short.",
            "2 of 100 candidates; embed 12.0 ms, search 1.0 ms, NLI 350.0 ms; 1 could not be"
                + " judged");
  }

  @Test
  void whatNliWasNotAsked_hasNoProbabilities_andThatIsSaid() {
    Retrieval found =
        new Retrieval(
            new Query("q", "query"),
            List.of(
                new Hit(1, new Candidate("tree-1", "Short.", 0.6), new Judgement.NotAsked(), 0.6)),
            100,
            false,
            0,
            TIMINGS);

    assertThat(SearchTable.lines(found, 80))
        .containsExactly(
            "  # score cosine entails contra id     text",
            "  1 0.600  0.600       -      - tree-1 Short.",
            "1 of 100 candidates; embed 12.0 ms, search 1.0 ms",
            "Ranked by nearness alone: NLI judges claims, written as sentences with a capital and a"
                + " full stop (--judge always judges every query).");
  }

  @Test
  void nothingFound_isSaid() {
    assertThat(
            SearchTable.lines(
                new Retrieval(new Query("q", "query"), List.of(), 0, true, 0, TIMINGS), 80))
        .containsExactly("0 of 0 candidates; embed 12.0 ms, search 1.0 ms, NLI 350.0 ms");
  }
}
