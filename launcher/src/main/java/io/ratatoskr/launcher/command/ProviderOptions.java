package io.ratatoskr.launcher.command;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.ChatResult;
import io.ratatoskr.gateway.ProviderConfig;
import io.ratatoskr.gateway.ProviderType;
import io.ratatoskr.gateway.Secret;
import java.net.URI;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for who is asked, where no pipeline elsewhere is. */
public final class ProviderOptions {
  /** The provider that {@code --base-url} makes. */
  static final String SERVER = "server";

  /** Its key, which a command line would show to everybody on the machine. */
  static final String KEY_VARIABLE = "RATATOSKR_API_KEY";

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description =
          "An OpenAI-compatible server to ask, such as http://127.0.0.1:8080/v1, in place of the "
              + "configuration's providers. Its key, if it wants one, is in the environment: "
              + KEY_VARIABLE)
  private @Nullable String baseUrl;

  /** The server that is named; null where none is. */
  public @Nullable String baseUrl() {
    return baseUrl;
  }

  /** The configuration with the server in place of its providers, if one is named. */
  public Configuration over(Configuration configuration) {
    return over(configuration, System.getenv());
  }

  Configuration over(Configuration configuration, Map<String, String> environment) {
    if (baseUrl == null) {
      return configuration;
    }
    URI url;
    try {
      url = URI.create(baseUrl);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--base-url: is no URL: " + e.getMessage(), e);
    }
    ProviderConfig server;
    try {
      server = ProviderConfig.of(SERVER, ProviderType.OPENAI, url);
      String key = environment.getOrDefault(KEY_VARIABLE, "");
      server = key.isEmpty() ? server : server.withSecret(Secret.of(key));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getMessage()).replace("providers.server.base-url", "--base-url"), e);
    }
    return configuration.withProvider(server);
  }

  /** Refuses a configuration in which nobody can be asked. */
  public static void require(Configuration configuration) {
    if (configuration.providers().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no provider: name a server with --base-url, or one in [providers.NAME] of "
              + "~/.ratatoskr/ratatoskr.toml (docs/providers.md)");
    }
  }

  /**
   * The model that is asked where the user names none: the first one of the configuration.
   *
   * @throws IllegalArgumentException saying how to name one
   */
  public static String defaultModel(Configuration configuration) {
    return configuration.providers().stream()
        .flatMap(provider -> provider.models().stream())
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--model: name one; "
                    + configuration.providers().stream()
                        .map(ProviderConfig::name)
                        .collect(Collectors.joining(", ", "the configuration lists none of ", ""))))
        .id();
  }

  /** The price of an answer, where the configuration says one for its model. */
  public static OptionalDouble cost(Configuration configuration, ChatResult result) {
    return configuration.providers().stream()
        .filter(provider -> provider.name().equals(result.provenance().provider()))
        .flatMap(provider -> provider.model(result.provenance().model()).price().stream())
        .map(price -> price.of(result.answer().usage()))
        .findFirst()
        .orElse(OptionalDouble.empty());
  }
}
