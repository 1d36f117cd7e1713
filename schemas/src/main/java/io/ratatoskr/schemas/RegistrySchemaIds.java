package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ids from a schema registry, over the Confluent REST API. A schema is registered when it is first
 * written, under its full name as subject (RecordNameStrategy): one record type travels over the
 * topics of many domains and is one subject. An id that the registry does not know is asked for
 * again after {@link #FORGET_UNKNOWN}; all else is asked for once.
 */
final class RegistrySchemaIds implements SchemaIds {
  static final Duration FORGET_UNKNOWN = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI base;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Map<Schema, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> unknown = new ConcurrentHashMap<>();

  RegistrySchemaIds(URI base, Clock clock) {
    this.base = URI.create(base.toString().replaceAll("/+$", "") + "/");
    this.clock = clock;
  }

  @Override
  public int idOf(Schema schema) {
    Integer known = ids.get(schema);
    if (known != null) {
      return known;
    }
    URI uri =
        base.resolve("subjects/" + URLEncoder.encode(schema.getFullName(), UTF_8) + "/versions");
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", MEDIA_TYPE)
                .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8)));
    JsonNode id = content(uri, response).path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(uri + " answered without an id: " + response.body(), null);
    }
    ids.put(schema, id.intValue());
    return id.intValue();
  }

  @Override
  public Optional<Schema> schemaOf(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Instant since = unknown.get(id);
    if (since != null && clock.instant().isBefore(since.plus(FORGET_UNKNOWN))) {
      return Optional.empty();
    }
    URI uri = base.resolve("schemas/ids/" + id);
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri).GET());
    if (response.statusCode() == 404) {
      unknown.put(id, clock.instant());
      return Optional.empty();
    }
    Schema schema = parsed(uri, content(uri, response).path("schema").asString(""));
    schemas.put(id, schema);
    unknown.remove(id);
    return Optional.of(schema);
  }

  private static Schema parsed(URI uri, String schema) {
    try {
      return new Schema.Parser().parse(schema);
    } catch (SchemaParseException e) {
      throw new SchemaRegistryException(uri + " answered with no Avro schema: " + schema, e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    HttpRequest built =
        request
            .header("Accept", MEDIA_TYPE + ", application/json")
            .timeout(REQUEST_TIMEOUT)
            .build();
    try {
      return http.send(built, BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new SchemaRegistryException(
          "no answer from the schema registry at " + built.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaRegistryException("interrupted while asking " + built.uri(), e);
    }
  }

  private static JsonNode content(URI uri, HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new SchemaRegistryException(
          uri + " answered " + response.statusCode() + ": " + response.body(), null);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw new SchemaRegistryException(uri + " answered with no JSON: " + response.body(), e);
    }
  }
}
