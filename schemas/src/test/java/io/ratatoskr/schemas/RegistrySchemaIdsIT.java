package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ratatoskr.schemas.wire.AlarmState;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Against answers as Confluent's REST API documents them, over a real socket. */
class RegistrySchemaIdsIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Asked(String method, String path, String contentType, String body) {}

  private record Answer(int status, String body) {}

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final SteppedClock clock = new SteppedClock();
  private HttpServer server;
  private URI base;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    asked.add(
        new Asked(
            exchange.getRequestMethod(),
            path,
            String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    Answer answer =
        answers.getOrDefault(
            path, new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}"));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private SchemaIds registry() {
    return new RegistrySchemaIds(base, clock);
  }

  private static String subject(Schema schema) {
    return "/api/subjects/" + schema.getFullName() + "/versions";
  }

  private static String schemaJson(Schema schema) {
    return JSON.createObjectNode().put("schema", schema.toString()).toString();
  }

  @Test
  void idOf_registersUnderTheFullName_once() {
    Schema schema = Reply.getClassSchema();
    answers.put(subject(schema), new Answer(200, "{\"id\":41}"));
    SchemaIds ids = registry();

    assertThat(ids.idOf(schema)).isEqualTo(41);
    assertThat(ids.idOf(schema)).isEqualTo(41);

    assertThat(asked)
        .containsExactly(
            new Asked(
                "POST",
                subject(schema),
                "application/vnd.schemaregistry.v1+json",
                schemaJson(schema)));
  }

  @Test
  void schemaOf_known_isAskedOnce() {
    answers.put("/api/schemas/ids/41", new Answer(200, schemaJson(Reply.getClassSchema())));
    SchemaIds ids = registry();

    assertThat(ids.schemaOf(41)).contains(Reply.getClassSchema());
    assertThat(ids.schemaOf(41)).contains(Reply.getClassSchema());
    assertThat(asked).hasSize(1);
  }

  @Test
  void schemaOf_unknown_isAskedAgainOnlyAfterAWhile() {
    SchemaIds ids = registry();

    assertThat(ids.schemaOf(7)).isEmpty();
    clock.now = clock.now.plus(RegistrySchemaIds.FORGET_UNKNOWN).minusMillis(1);
    assertThat(ids.schemaOf(7)).isEmpty();
    assertThat(asked).hasSize(1);

    answers.put("/api/schemas/ids/7", new Answer(200, schemaJson(Reply.getClassSchema())));
    clock.now = clock.now.plusMillis(1);
    assertThat(ids.schemaOf(7)).contains(Reply.getClassSchema());
  }

  @Test
  void registry_thatFails_isATypedErrorNamingIt() {
    Schema schema = Reply.getClassSchema();
    SchemaIds ids = registry();
    for (Answer bad :
        List.of(
            new Answer(409, "{\"error_code\":409,\"message\":\"incompatible\"}"),
            new Answer(500, "oops"),
            new Answer(200, "no json"),
            new Answer(200, "{\"version\":1}"))) {
      answers.put(subject(schema), bad);
      assertThatThrownBy(() -> ids.idOf(schema))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining(base.toString());
    }
    for (Answer bad : List.of(new Answer(500, "oops"), new Answer(200, "{\"schema\":\"x\"}"))) {
      answers.put("/api/schemas/ids/9", bad);
      assertThatThrownBy(() -> ids.schemaOf(9)).isInstanceOf(SchemaRegistryException.class);
    }
    server.stop(0);
    assertThatThrownBy(() -> ids.schemaOf(10))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("no answer");
  }

  @Test
  void serde_withRegistry_writesItsIds_andChecksTheSchemaHeader() {
    answers.put(subject(AlarmState.getClassSchema()), new Answer(200, "{\"id\":5}"));
    answers.put(subject(EmbedRequest.getClassSchema()), new Answer(200, "{\"id\":6}"));
    answers.put("/api/schemas/ids/5", new Answer(200, schemaJson(AlarmState.getClassSchema())));
    EmbedRequest request = EmbedRequest.newBuilder().setModel("m").setItems(List.of()).build();
    answers.put("/api/schemas/ids/6", new Answer(200, schemaJson(EmbedRequest.getClassSchema())));
    try (AvroSerde<EmbedRequest> serde = new AvroSerde<>()) {
      serde.configure(Map.of(AvroSerializer.REGISTRY_URL, base.toString()), false);

      byte[] bytes = serde.serializer().serialize("t", request);

      assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(6);
      assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(request);
    }
  }

  private static final class SteppedClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
