package io.ratatoskr.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Records providers anew, see {@code sources.md}: {@code ./mvnw -pl gateway-worker -am verify
 * -Plive}. Keys come from the environment; a provider without its own is skipped, and said so.
 */
class RecordingLive {
  private static final Map<String, String> ENVIRONMENT = System.getenv();

  private static String required(String variable) {
    String value = ENVIRONMENT.getOrDefault(variable, "");
    assumeTrue(!value.isBlank(), "not recorded, since the environment has no " + variable);
    return value;
  }

  private static void record(ProviderType type, String name, String model) throws Exception {
    String prefix = type.name();
    URI url =
        URI.create(
            ENVIRONMENT.getOrDefault(prefix + "_BASE_URL", type.defaultBaseUrl().toString()));
    ProviderConfig config = ProviderConfig.of(name, type, url);
    String key = ENVIRONMENT.getOrDefault(prefix + "_API_KEY", "");
    Path folder = Path.of("target", "live", name);
    new LiveRecorder(key.isBlank() ? config : config.withSecret(Secret.of(key)), model, folder)
        .record();
    System.out.println("Recorded " + model + " at " + url + " in " + folder.toAbsolutePath());
  }

  @Test
  void openAi() throws Exception {
    required("OPENAI_API_KEY");
    record(ProviderType.OPENAI, "openai", ENVIRONMENT.getOrDefault("OPENAI_MODEL", "gpt-4.1-mini"));
  }

  @Test
  void anthropic() throws Exception {
    required("ANTHROPIC_API_KEY");
    record(
        ProviderType.ANTHROPIC,
        "anthropic",
        ENVIRONMENT.getOrDefault("ANTHROPIC_MODEL", "claude-haiku-4-5"));
  }

  /** A server that has the model is asked; it wants no key. */
  @Test
  void ollama() throws Exception {
    record(ProviderType.OLLAMA, "ollama", required("OLLAMA_MODEL"));
  }
}
