package io.ratatoskr.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What an Ollama server says of itself and its models. Blocking and thread-safe. */
public final class OllamaServer {
  /** Longest wait for one answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final String LATEST = ":latest";

  private final ProviderClient client;

  /**
   * A server.
   *
   * @param client of a provider of type {@link ProviderType#OLLAMA}
   */
  public OllamaServer(ProviderClient client) {
    if (client.config().type() != ProviderType.OLLAMA) {
      throw new IllegalArgumentException(client + " is no Ollama");
    }
    this.client = client;
  }

  /**
   * The models that it has pulled.
   *
   * @throws ProviderFailure if it does not say
   */
  public List<OllamaModel> models() throws ProviderFailure {
    return ask("tags", "/api/tags", null, "").list("models").stream().map(OllamaModel::of).toList();
  }

  /**
   * What a model can do.
   *
   * @throws ProviderFailure if it does not say; with {@code ModelNotFound} if it has no such model
   */
  public OllamaDetails show(String model) throws ProviderFailure {
    String body = Document.object().put("model", model).toString();
    return OllamaDetails.of(ask("show", "/api/show", body, model));
  }

  /**
   * The digest of a model's content; empty if the server has no such model.
   *
   * @throws ProviderFailure if it does not say
   */
  String digest(String model) throws ProviderFailure {
    for (OllamaModel pulled : models()) {
      if (pulled.name().equals(model) || pulled.name().equals(model + LATEST)) {
        return pulled.digest();
      }
    }
    return "";
  }

  /**
   * Whether it answers.
   *
   * @throws ProviderFailure if it does not
   */
  public void probe() throws ProviderFailure {
    ask("probe", "/api/version", null, "");
  }

  private Document ask(String operation, String path, @Nullable String body, String model)
      throws ProviderFailure {
    CallTag tag =
        CallTag.ofServer(operation, client.clock().instant().plus(TIMEOUT), client.clock());
    Call call = client.http(path, body, tag);
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw new ProviderFailure(client.refusal(response, model));
      }
      return Document.parse(BoundedLines.whole(response.body().source(), Framing.WHOLE_BYTES));
    } catch (ProviderFailure e) {
      throw e;
    } catch (IOException e) {
      throw new ProviderFailure(
          client.errors().ofFailure(e, false, client.provider().unreachableHint()));
    }
  }
}
