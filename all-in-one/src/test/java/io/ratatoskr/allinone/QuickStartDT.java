package io.ratatoskr.allinone;

import static io.ratatoskr.allinone.EmbeddedRatatoskr.ALL_MINILM_L6_V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.Ratatoskr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's example works. */
@Timeout(180)
class QuickStartDT {

  @Test
  void embedsTwoTextsOfLikeMeaning() throws IOException, InterruptedException {
    // tag::quickstart[]
    Path data = Files.createTempDirectory("ratatoskr-");
    EmbedRequest request =
        EmbedRequest.of(ALL_MINILM_L6_V2, "A ship leaves port.", "The boat sails out.");
    List<float[]> vectors;
    try (Ratatoskr ratatoskr = EmbeddedRatatoskr.start(data, ALL_MINILM_L6_V2)) {
      vectors = ratatoskr.embed(request).join().vectors();
    }
    float[] ship = vectors.getFirst();
    float[] boat = vectors.getLast();
    double cosine = IntStream.range(0, ship.length).mapToDouble(i -> ship[i] * boat[i]).sum();
    System.out.println("cosine " + cosine);
    // end::quickstart[]
    PipelineFolder.deleteQuietly(data);
    assertThat(cosine).isBetween(0.5, 0.95);
  }
}
