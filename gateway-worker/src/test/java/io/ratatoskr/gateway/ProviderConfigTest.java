package io.ratatoskr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.Price;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderConfigTest {

  private static ProviderConfig of(String url) {
    return ProviderConfig.of("p", ProviderType.OPENAI, URI.create(url));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, REMOTE",
    "https://127.0.0.1.example.com, REMOTE",
    "https://192.168.1.7:8000/v1, REMOTE",
    "http://localhost:11434, LOCAL",
    "http://LOCALHOST, LOCAL",
    "http://127.0.0.1:8000/v1, LOCAL",
    "http://127.9.9.9, LOCAL",
    "http://[::1]:8000, LOCAL",
    "https://localhost, LOCAL"
  })
  void location_isThisMachineForLoopbackAlone(String url, Location location) {
    assertThat(of(url).location()).isEqualTo(location);
    assertThat(of(url).withLocation(Location.REMOTE).location()).isEqualTo(Location.REMOTE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.openai.com/v1",
        "http://192.168.1.7:8000",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://localhost/",
        "file:///etc/passwd",
        "localhost:8000",
        "/v1",
        "https://user:secret@api.openai.com/v1",
        "https://api.openai.com/v1?key=secret",
        "https://api.openai.com/v1#x"
      })
  void baseUrl_thatIsUnsafeOrNone_isRefused_namingTheKeyAndNoSecret(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(url))
        .withMessageStartingWith("providers.p.base-url: ")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
  }

  @ParameterizedTest
  @EnumSource
  void defaultBaseUrl_isAllowed(ProviderType type) {
    assertThat(ProviderConfig.of("p", type, type.defaultBaseUrl()).location())
        .isEqualTo(type == ProviderType.OLLAMA ? Location.LOCAL : Location.REMOTE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "-a", "ä"})
  void name_thatIsNone_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ProviderConfig.of(name, ProviderType.OLLAMA, ProviderType.OLLAMA.defaultBaseUrl()))
        .withMessageStartingWith("providers: ");
  }

  @Test
  void nonsense_isRefused_namingTheKey() {
    ProviderConfig config = of("http://localhost");
    ProviderModel model = ProviderModel.of("m");

    assertRefused("providers.p.models: 'm'", () -> config.withModels(List.of(model, model)));
    assertRefused("models.id: ", () -> ProviderModel.of(" "));
    assertRefused(
        "models.context: ",
        () -> new ProviderModel("m", OptionalInt.of(0), Optional.empty(), false));
    assertRefused("price: ", () -> new Price(-1, 0));
    assertRefused("price: ", () -> new Price(0, Double.NaN));
    assertRefused("limits.concurrent: ", () -> ProviderLimits.defaults().withConcurrent(0));
    assertRefused(
        "limits.requests-per-second: ", () -> limits(OptionalDouble.of(0), 1, Duration.ZERO));
    assertRefused("limits.burst: ", () -> limits(OptionalDouble.empty(), 0, Duration.ZERO));
    assertRefused(
        "limits.queue-timeout: ", () -> limits(OptionalDouble.empty(), 1, Duration.ofMillis(-1)));
    assertRefused(
        "limits.tokens-per-minute: ", () -> ProviderLimits.defaults().withTokensPerMinute(0));
    assertRefused("limits.models-at-once: ", () -> ProviderLimits.defaults().withModelsAtOnce(0));
    assertRefused("embedding-models: 'm'", () -> ProviderEmbeddings.of("m", "m"));
    assertRefused("embedding-models: ", () -> ProviderEmbeddings.of(" "));
    assertRefused("texts-per-call: ", () -> new ProviderEmbeddings(List.of(), 0));
    assertRefused(
        "providers.a.embedding-models: Anthropic makes no vectors",
        () ->
            ProviderConfig.of("a", ProviderType.ANTHROPIC, ProviderType.ANTHROPIC.defaultBaseUrl())
                .withEmbeddings(ProviderEmbeddings.of("m")));
    assertRefused("timeouts.read: ", () -> ProviderTimeouts.defaults().withRead(Duration.ZERO));
    assertRefused("key: ", () -> Secret.of(" "));
    assertRefused("key: ", () -> Secret.of("a\nb"));
    assertRefused("key: ", () -> Secret.of("schlüssel"));
  }

  private static ProviderLimits limits(OptionalDouble perSecond, int burst, Duration patience) {
    return new ProviderLimits(1, perSecond, burst, OptionalLong.empty(), patience, 1);
  }

  private static void assertRefused(String start, Runnable made) {
    assertThatIllegalArgumentException()
        .isThrownBy(made::run)
        .withMessageStartingWith(start)
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("schlüssel"));
  }

  @Test
  void secret_isShownToNobody() {
    ProviderConfig config = of("http://localhost").withSecret(Secret.of(" sk-1 \n"));

    assertThat(config.toString()).doesNotContain("sk-1").contains("***");
    assertThat(config.masked("no key sk-1 here")).isEqualTo("no key *** here");
    assertThat(config.secret().orElseThrow().reveal()).isEqualTo("sk-1");
  }

  @Test
  void url_hasOneSlashBetweenBaseAndPath() {
    assertThat(of("http://localhost/v1/").url("/x")).isEqualTo("http://localhost/v1/x");
    assertThat(of("http://localhost").url("/x")).isEqualTo("http://localhost/x");
  }

  @Test
  void model_ofNoEntry_hasItsNameAlone() {
    ProviderModel known = new ProviderModel("m", OptionalInt.of(10), Optional.empty(), false);
    ProviderConfig config = of("http://localhost").withModels(List.of(known));

    assertThat(config.model("m")).isEqualTo(known);
    assertThat(config.model("other")).isEqualTo(ProviderModel.of("other"));
  }

  @Test
  void vectors_areAskedForWhereModelsAreNamed_orTheServerSaysWhatItHas() {
    ProviderConfig openAi = of("http://localhost");
    ProviderConfig ollama =
        ProviderConfig.of("o", ProviderType.OLLAMA, ProviderType.OLLAMA.defaultBaseUrl());
    List<ProviderModel> some = List.of(ProviderModel.of("m"));

    assertThat(openAi.capabilities()).doesNotContain(Capability.EMBED);
    assertThat(openAi.withEmbeddings(ProviderEmbeddings.of("v")).capabilities())
        .contains(Capability.CHAT, Capability.EMBED);
    assertThat(ollama.capabilities()).contains(Capability.CHAT, Capability.EMBED);
    assertThat(ollama.withModels(some).capabilities()).doesNotContain(Capability.EMBED);
    assertThat(ollama.withModels(some).withEmbeddings(ProviderEmbeddings.of("v")).capabilities())
        .contains(Capability.EMBED);
  }

  @Test
  void price_isOfBothCounts_orUnknown() {
    Price price = new Price(2, 10);
    TokenUsage usage =
        new TokenUsage(
            OptionalLong.of(500_000),
            OptionalLong.of(100_000),
            OptionalLong.of(50_000),
            OptionalLong.empty());

    assertThat(price.of(usage)).hasValue(2.0);
    assertThat(price.of(TokenUsage.unknown())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, https://api.openai.com/v1, openai",
    "OPENAI, https://openrouter.ai/api/v1, openrouter",
    "OPENAI, https://generativelanguage.googleapis.com/v1beta/openai, google",
    "OPENAI, http://localhost:8000/v1, ''",
    "OLLAMA, https://gpu1:11434, ollama",
    "ANTHROPIC, https://api.anthropic.com, anthropic",
    "ANTHROPIC, http://localhost:1, ''"
  })
  void maker_followsFromTypeAndServer(ProviderType type, URI url, String maker) {
    assertThat(ProviderConfig.of("any", type, url).maker()).isEqualTo(maker);
  }
}
