package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Location;
import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A provider of the configuration. As many of a type as wanted may be there.
 *
 * @param name names it in answers, metrics and logs: 1 to 64 lower-case letters, digits, '_', '-'
 * @param type the language it speaks
 * @param baseUrl where its API begins; https, or http on this machine alone; without credentials
 * @param secret its key; absent where it wants none
 * @param location whether what it is sent counts as leaving this deployment
 * @param models the models that it is known to serve, each once; empty where it is asked for any
 * @param embeddings the vectors that it is asked for
 * @param limits how much it is asked at once
 * @param timeouts how long it may be silent
 * @param traced whether it is told of the trace that a request belongs to
 */
public record ProviderConfig(
    String name,
    ProviderType type,
    URI baseUrl,
    Optional<Secret> secret,
    Location location,
    List<ProviderModel> models,
    ProviderEmbeddings embeddings,
    ProviderLimits limits,
    ProviderTimeouts timeouts,
    boolean traced) {

  /** What every provider can be asked for. */
  static final Set<Capability> TEXT = Set.of(Capability.CHAT, Capability.GENERATE);

  /** What a language model can be asked for by a prompt, where it may judge. */
  static final Set<Capability> JUDGED = Set.of(Capability.NLI, Capability.CLASSIFY);

  /** Requests among which those for one model are looked for. */
  private static final int SORTED = 128;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  public ProviderConfig {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "providers: a name has 1 to 64 lower-case letters, digits, '_' and '-', not '%s'"
              .formatted(name));
    }
    String key = "providers." + name + ".";
    checkUrl(key + "base-url", baseUrl);
    models = List.copyOf(models);
    Set<String> ids = new HashSet<>();
    for (ProviderModel model : models) {
      if (!ids.add(model.id())) {
        throw new IllegalArgumentException(key + "models: '" + model.id() + "' is there twice");
      }
    }
    if (type == ProviderType.ANTHROPIC && !embeddings.models().isEmpty()) {
      throw new IllegalArgumentException(
          key
              + "embedding-models: Anthropic makes no vectors; name them at a provider of type"
              + " openai or ollama");
    }
  }

  /** Whether a provider may have that name. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static void checkUrl(String key, URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          key + ": must be an http or https URL, such as https://api.openai.com/v1");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          key + ": holds credentials; give the key as the provider's key");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(key + ": has a query or a fragment; leave it out");
    }
    if (scheme.equals("http") && !isLoopback(url)) {
      throw new IllegalArgumentException(
          key + ": must be https, since '" + url.getHost() + "' is another machine");
    }
  }

  private static boolean isLoopback(URI url) {
    return LOOPBACK.matcher(url.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  /** Local for a server on this machine, otherwise remote. */
  public static Location locationOf(URI baseUrl) {
    return baseUrl.getHost() != null && isLoopback(baseUrl) ? Location.LOCAL : Location.REMOTE;
  }

  /**
   * Whose models it serves, by its type and server: many servers speak OpenAI's language. Empty
   * where neither says, so that its name decides.
   */
  public String maker() {
    return switch (type) {
      case OLLAMA -> "ollama";
      case ANTHROPIC -> isAt("anthropic.com") ? "anthropic" : "";
      case OPENAI -> {
        if (isAt("openai.com")) {
          yield "openai";
        }
        if (isAt("openrouter.ai")) {
          yield "openrouter";
        }
        yield isAt("googleapis.com") ? "google" : "";
      }
    };
  }

  private boolean isAt(String domain) {
    String host = String.valueOf(baseUrl.getHost());
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /** A provider without key and known models; where it is says its URL; all else by default. */
  public static ProviderConfig of(String name, ProviderType type, URI baseUrl) {
    return new ProviderConfig(
        name,
        type,
        baseUrl,
        Optional.empty(),
        locationOf(baseUrl),
        List.of(),
        ProviderEmbeddings.none(),
        ProviderLimits.defaults(),
        ProviderTimeouts.defaults(),
        locationOf(baseUrl) == Location.LOCAL);
  }

  public ProviderConfig withSecret(Secret newSecret) {
    return new ProviderConfig(
        name,
        type,
        baseUrl,
        Optional.of(newSecret),
        location,
        models,
        embeddings,
        limits,
        timeouts,
        traced);
  }

  public ProviderConfig withLocation(Location newLocation) {
    return new ProviderConfig(
        name, type, baseUrl, secret, newLocation, models, embeddings, limits, timeouts, traced);
  }

  public ProviderConfig withModels(List<ProviderModel> newModels) {
    return new ProviderConfig(
        name, type, baseUrl, secret, location, newModels, embeddings, limits, timeouts, traced);
  }

  public ProviderConfig withEmbeddings(ProviderEmbeddings newEmbeddings) {
    return new ProviderConfig(
        name, type, baseUrl, secret, location, models, newEmbeddings, limits, timeouts, traced);
  }

  public ProviderConfig withLimits(ProviderLimits newLimits) {
    return new ProviderConfig(
        name, type, baseUrl, secret, location, models, embeddings, newLimits, timeouts, traced);
  }

  public ProviderConfig withTimeouts(ProviderTimeouts newTimeouts) {
    return new ProviderConfig(
        name, type, baseUrl, secret, location, models, embeddings, limits, newTimeouts, traced);
  }

  public ProviderConfig withTraced(boolean newTraced) {
    return new ProviderConfig(
        name, type, baseUrl, secret, location, models, embeddings, limits, timeouts, newTraced);
  }

  /** What it is asked for. */
  public Set<Capability> capabilities() {
    Set<Capability> all = EnumSet.copyOf(TEXT);
    if (!embeddings.models().isEmpty() || discoversEmbeddings()) {
      all.add(Capability.EMBED);
    }
    if (models.stream().anyMatch(ProviderModel::judges)) {
      all.addAll(JUDGED);
    }
    return all;
  }

  /**
   * Most requests that a worker takes at once. Of what an Ollama server is asked, more than are
   * under way, so that those for the model that it holds can go first.
   */
  public int requestsAtOnce() {
    return type == ProviderType.OLLAMA
        ? Math.max(limits.concurrent(), SORTED)
        : limits.concurrent();
  }

  /** Whether its server says which of its models write. */
  boolean discoversModels() {
    return type == ProviderType.OLLAMA && models.isEmpty();
  }

  /** Whether its server says which of its models make vectors. */
  public boolean discoversEmbeddings() {
    return discoversModels() && embeddings.models().isEmpty();
  }

  /** What is known of a model; its name alone where it is not among {@link #models}. */
  public ProviderModel model(String id) {
    return models.stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .orElseGet(() -> ProviderModel.of(id));
  }

  /** The URL of a path below the base. */
  String url(String path) {
    String base = baseUrl.toString();
    while (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    return base + path;
  }

  /** A text of the provider's, without its key. */
  String masked(String text) {
    return secret.map(key -> key.maskedIn(text)).orElse(text);
  }
}
