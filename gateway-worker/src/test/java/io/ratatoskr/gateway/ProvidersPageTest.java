package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.chat.ChatParameter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/providers.md says of types, URLs and options is what the code does. */
class ProvidersPageTest {
  private static final Path PAGE = Path.of("../docs/providers.md");

  @Test
  void options_areThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);

    for (ChatParameter parameter : ChatParameter.values()) {
      assertThat(page)
          .contains(
              Arrays.stream(ProviderType.values())
                  .map(type -> takes(type, parameter) ? "yes" : "no")
                  .collect(
                      Collectors.joining(
                          " | ", "\n| `" + parameter.parameterName() + "` | ", " |\n")));
    }
  }

  private static boolean takes(ProviderType type, ChatParameter parameter) {
    ProviderConfig config = ProviderConfig.of("p", type, URI.create("http://localhost:1"));
    return Provider.of(config).parameters().contains(parameter);
  }

  @Test
  void types_areAllThere_withTheirUrls() throws IOException {
    String page = Files.readString(PAGE);

    for (ProviderType type : ProviderType.values()) {
      assertThat(page)
          .containsPattern(
              "\n\\| `%s` \\| .* \\| `%s` \\|\n"
                  .formatted(type.name().toLowerCase(Locale.ROOT), type.defaultBaseUrl()));
    }
  }
}
