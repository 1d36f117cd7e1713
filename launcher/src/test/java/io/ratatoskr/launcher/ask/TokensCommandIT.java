package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.launcher.Main;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.tokenize.Tokenizers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens of models in folders. */
class TokensCommandIT {
  /** The tiny models that onnx is tested with. */
  static final Path STYLES = Path.of("..", "onnx", "src", "test", "resources", "styles");

  @Test
  void tokens_ofAFoldersModel_areCountedByItsName() {
    StringWriter out = new StringWriter();
    String text = "The cat sat.";

    int exitCode =
        Main.commandLine(Layers.Surroundings.none())
            .setOut(new PrintWriter(out))
            .execute("tokens", text, "--model", "bge", "--models-dir", STYLES.toString(), "--json");

    assertThat(exitCode).isZero();
    JsonNode counted = JsonMapper.shared().readTree(out.toString());
    assertThat(counted.path("approximate").asBoolean(true)).isFalse();
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.register("own", STYLES.resolve("bge").resolve("tokenizer.json"));
      assertThat(counted.path("count").asInt()).isEqualTo(tokenizers.of("own").count(text));
    }
  }
}
