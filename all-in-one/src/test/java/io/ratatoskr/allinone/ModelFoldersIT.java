package io.ratatoskr.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.NliRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.settings.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in folders, of both kinds, in one pipeline. */
class ModelFoldersIT {
  /** The tiny models that onnx is tested with. */
  private static final Path STYLES = Path.of("..", "onnx", "src", "test", "resources", "styles");

  private static final Configuration DEFAULTS = Configuration.of(Values.none());

  @TempDir private Path temp;

  @Test
  void start_foldersOfBothKinds_servesEachUnderItsFoldersName() throws InterruptedException {
    try (EmbeddedRatatoskr ratatoskr =
        EmbeddedRatatoskr.start(
            temp, STYLES.resolve("bge").toString(), STYLES.resolve("roberta-nli").toString())) {
      RequestOptions patient = RequestOptions.defaults().withTimeout(Duration.ofMinutes(2));
      EmbedReply vector =
          ratatoskr.embed(EmbedRequest.of("bge", "a cat").withOptions(patient)).join();
      NliReply judged =
          ratatoskr
              .nli(NliRequest.of("roberta-nli", "the cat sat", "a cat").withOptions(patient))
              .join();

      assertThat(vector.model()).isEqualTo("bge");
      assertThat(vector.vector()).hasSize(4);
      assertThat(judged.model()).isEqualTo("roberta-nli");
      assertThat(judged.score().tokens()).isGreaterThan(5);
      assertThat(ratatoskr.health().facts())
          .containsEntry("pool embed", "1 worker alive; ready: bge")
          .containsEntry("pool nli", "1 worker alive; ready: roberta-nli");
    }
  }

  @Test
  void assign_namesOfAnyKind_goToTheWorkersThatServeThem() {
    Values values =
        Values.of(Configuration.known().settings(), Map.of("models.dir", STYLES.toString()));

    WorkerKind.Assignment assigned =
        WorkerKind.assign(List.of("xlm-r-nli", "e5", "all-minilm-l6-v2"), Configuration.of(values));

    assertThat(assigned.kinds()).containsExactlyInAnyOrder(WorkerKind.NLI, WorkerKind.EMBED);
    assertThat(assigned.configuration().nli().models().names()).containsExactly("xlm-r-nli");
    assertThat(assigned.configuration().embed().names()).containsExactly("e5", "all-minilm-l6-v2");
  }

  @Test
  void require_modelOfAnotherKind_isRefusedSayingWhich() {
    assertThatThrownBy(() -> WorkerKind.EMBED.require("nli-minilm-l6", DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nli-minilm-l6 is a model for nli workers");
    assertThatCode(() -> WorkerKind.NLI.require("nli-minilm-l6", DEFAULTS))
        .doesNotThrowAnyException();
  }

  @Test
  void assign_noSuchModel_namesTheOption() {
    assertThatThrownBy(() -> WorkerKind.assign(List.of("bart"), DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--model: No model \"bart\" is built in");
    assertThatThrownBy(() -> WorkerKind.assign(List.of("./none"), DEFAULTS))
        .hasMessageContaining("./none");
  }
}
