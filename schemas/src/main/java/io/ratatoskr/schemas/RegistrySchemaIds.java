package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ids from a schema registry, over the Confluent REST API. A schema's subject is its full name
 * (RecordNameStrategy): one record type travels over the topics of many domains and is one subject.
 * It is registered where the subject lacks it, so credentials that may only read are enough once
 * somebody has.
 *
 * <p>Whoever writes or reads a record type asks for its id at the start, and that answer is kept.
 * So while records flow, only ids of other releases are asked for, each once. That happens on
 * threads that others wait for, so such a question has a shorter time, {@link #DATA_PATH} where no
 * other is wanted; after one without an answer none is asked for {@link #ASK_AGAIN}, and what needs
 * one fails at once. The same pause follows an id that the registry does not know.
 */
final class RegistrySchemaIds implements SchemaIds {
  static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  /** Longest question while records flow. */
  static final Duration DATA_PATH = Duration.ofSeconds(1);

  private static final Duration START = Duration.ofSeconds(10);
  private static final int SHOWN = 300;
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI base;
  private final String credentials;
  private final Clock clock;
  private final Duration dataPath;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<Schema, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> unknown = new ConcurrentHashMap<>();
  private volatile @Nullable Outage outage;

  private record Outage(Instant since, String message) {}

  /**
   * @param dataPath longest question for the schema of an id
   */
  RegistrySchemaIds(SchemaRegistry registry, Clock clock, Duration dataPath) {
    this.base = URI.create(registry.url().replaceAll("/+$", "") + "/");
    this.credentials =
        registry.credentials().isEmpty()
            ? ""
            : "Basic " + Base64.getEncoder().encodeToString(registry.credentials().getBytes(UTF_8));
    this.clock = clock;
    this.dataPath = dataPath;
  }

  @Override
  public int idOf(Schema schema) {
    Integer known = ids.get(schema);
    if (known != null) {
      return known;
    }
    URI subject = base.resolve("subjects/" + URLEncoder.encode(schema.getFullName(), UTF_8));
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    HttpResponse<String> response = post(subject, body);
    if (response.statusCode() == 404) {
      response = post(URI.create(subject + "/versions"), body);
    }
    JsonNode id = content(response).path("id");
    if (!id.isInt()) {
      throw unusable(response, "has no id");
    }
    ids.put(schema, id.intValue());
    schemas.put(id.intValue(), schema);
    return id.intValue();
  }

  @Override
  public Optional<Schema> schemaOf(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Schema> derived = SchemaIds.derived().schemaOf(id);
    if (derived.isPresent() || isRecent(unknown.get(id))) {
      return derived;
    }
    Outage last = outage;
    if (last != null && isRecent(last.since())) {
      throw new SchemaRegistryException(last.message(), null);
    }
    try {
      Optional<Schema> asked = ask(id);
      outage = null;
      return asked;
    } catch (SchemaRegistryException e) {
      outage = new Outage(clock.instant(), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Optional<Schema> ask(int id) {
    HttpResponse<String> response = get("schemas/ids/" + id);
    Optional<Schema> schema =
        response.statusCode() == 404 ? Optional.empty() : parsed(content(response));
    if (schema.isPresent()) {
      schemas.put(id, schema.get());
    } else {
      unknown.values().removeIf(since -> !isRecent(since));
      unknown.put(id, clock.instant());
    }
    return schema;
  }

  /** Empty where it is no Avro schema: other formats have ids in the same registry. */
  private Optional<Schema> parsed(JsonNode answer) {
    try {
      return Optional.of(parsed(answer, new Schema.Parser()));
    } catch (AvroRuntimeException e) {
      return Optional.empty();
    }
  }

  /** Parses what the schema refers to before it; some serdes register each named type apart. */
  private Schema parsed(JsonNode answer, Schema.Parser parser) {
    for (JsonNode reference : answer.path("references")) {
      if (!parser.getTypes().containsKey(reference.path("name").asString(""))) {
        String subject = URLEncoder.encode(reference.path("subject").asString(""), UTF_8);
        String version = "/versions/" + reference.path("version").asInt(0);
        parsed(content(get("subjects/" + subject + version)), parser);
      }
    }
    return parser.parse(answer.path("schema").asString(""));
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET(), dataPath);
  }

  private boolean isRecent(@Nullable Instant since) {
    return since != null && clock.instant().isBefore(since.plus(ASK_AGAIN));
  }

  private HttpResponse<String> post(URI uri, String body) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", MEDIA_TYPE)
            .POST(BodyPublishers.ofString(body, UTF_8)),
        START);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, Duration timeout) {
    request.header("Accept", MEDIA_TYPE + ", application/json").timeout(timeout);
    if (!credentials.isEmpty()) {
      request.header("Authorization", credentials);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new SchemaRegistryException(
          "no answer from the schema registry at "
              + base
              + " ("
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + "); is it up, and is "
              + SchemaRegistry.SETTING.key()
              + " right?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaRegistryException("interrupted while asking " + base, e);
    }
  }

  private static JsonNode content(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new SchemaRegistryException(
          "the schema registry answered "
              + response.statusCode()
              + " to "
              + response.request().method()
              + " "
              + response.uri()
              + ": "
              + shown(response.body())
              + "; "
              + remedy(response.statusCode()),
          null);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw unusable(response, "is no JSON");
    }
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401, 403 ->
          "give credentials that may read and register schemas: "
              + SchemaRegistry.SETTING.key()
              + "=https://USER:PASSWORD@HOST";
      case 404 ->
          "is "
              + SchemaRegistry.SETTING.key()
              + " where the Confluent API begins, as .../apis/ccompat/v7?";
      case 409 -> "take another registry, or allow the subject such a change";
      default -> "look into the registry's log";
    };
  }

  private static SchemaRegistryException unusable(HttpResponse<String> response, String fault) {
    return new SchemaRegistryException(
        "what answers at "
            + response.uri()
            + " is no schema registry: its answer "
            + fault
            + " ("
            + shown(response.body())
            + "); is "
            + SchemaRegistry.SETTING.key()
            + " right?",
        null);
  }

  private static String shown(String body) {
    return body.length() <= SHOWN ? body : body.substring(0, SHOWN) + "...";
  }
}
