package io.ratatoskr.launcher;

import static io.ratatoskr.allinone.EmbeddedRatatoskr.ALL_MINILM_L6_V2;
import static io.ratatoskr.allinone.EmbeddedRatatoskr.NLI_MINILM_L6;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.bulk.BulkJob;
import io.ratatoskr.bulk.CancelSignal;
import io.ratatoskr.bulk.EmbedJob;
import io.ratatoskr.bulk.JobConfig;
import io.ratatoskr.bulk.JobLimits;
import io.ratatoskr.bulk.ProgressListener;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.retrieval.CorpusConfig;
import io.ratatoskr.retrieval.CorpusIndex;
import io.ratatoskr.retrieval.Hit;
import io.ratatoskr.retrieval.Query;
import io.ratatoskr.retrieval.Retrieval;
import io.ratatoskr.retrieval.RetrievalConfig;
import io.ratatoskr.retrieval.TwoStageRetrieval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/retrieval.md works. */
@Timeout(180)
class RetrievalDT {
  @TempDir private Path folder;

  @Test
  void answersQueriesOfACorpus() throws IOException, InterruptedException {
    Path texts =
        Files.write(
            folder.resolve("corpus.jsonl"),
            List.of(
                "{\"id\":\"ash\",\"text\":\"An ash has black buds.\"}",
                "{\"id\":\"oak\",\"text\":\"The oak lives for a thousand years.\"}",
                "{\"id\":\"port\",\"text\":\"A ship leaves port at dawn.\"}"));
    Path vectors = folder.resolve("vectors.parquet");
    Path data = folder.resolve("data");
    List<String> queries = List.of("The buds of an ash are black.", "A ship leaves the port.");
    List<Retrieval> found = new ArrayList<>();
    try (Ratatoskr ratatoskr = EmbeddedRatatoskr.start(data, ALL_MINILM_L6_V2, NLI_MINILM_L6)) {
      BulkJob.run(
          JobConfig.of(texts.toString(), vectors, EmbedJob.of(ALL_MINILM_L6_V2))
              .withLimits(JobLimits.defaults().withMinFreeBytes(0)),
          ratatoskr,
          ProgressListener.none(),
          new CancelSignal());
      // tag::retrieval[]
      RetrievalConfig config = RetrievalConfig.of(ALL_MINILM_L6_V2, NLI_MINILM_L6).withTop(100, 10);
      try (CorpusIndex index = CorpusIndex.open(CorpusConfig.of(vectors, texts), _ -> {});
          TwoStageRetrieval retrieval = TwoStageRetrieval.open(ratatoskr, index, config).join()) {
        List<CompletableFuture<Retrieval>> answers = new ArrayList<>();
        for (String query : queries) { // thousands, if you like
          answers.add(retrieval.retrieve(new Query("q" + answers.size(), query)));
        }
        for (CompletableFuture<Retrieval> answer : answers) {
          found.add(answer.join());
          for (Hit hit : found.getLast().hits()) {
            System.out.println(hit.score() + " " + hit.candidate().text() + " " + hit.judgement());
          }
        }
      }
      // end::retrieval[]
    }
    assertThat(found).hasSize(2);
    assertThat(found.get(0).hits().getFirst().candidate().id()).isEqualTo("ash");
    assertThat(found.get(1).hits().getFirst().candidate().id()).isEqualTo("port");
  }
}
