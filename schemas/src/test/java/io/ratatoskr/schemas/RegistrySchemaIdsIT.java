package io.ratatoskr.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ratatoskr.schemas.wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Against answers as Confluent's REST API documents them, over a real socket. */
class RegistrySchemaIdsIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema SCHEMA = Reply.getClassSchema();

  private record Asked(
      String method, String path, String contentType, String authorization, String body) {}

  private record Answer(int status, String body) {}

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final SteppedClock clock = new SteppedClock();
  private HttpServer server;
  private String base;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort() + "/api/";
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
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    Answer answer =
        answers.getOrDefault(
            path, new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}"));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", MEDIA_TYPE);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private SchemaIds registry() {
    return new RegistrySchemaIds(SchemaRegistry.of(base), clock, PATIENCE);
  }

  private static String subject(Schema schema) {
    return "/api/subjects/" + schema.getFullName();
  }

  private static String schemaJson(Schema schema) {
    return JSON.createObjectNode().put("schema", schema.toString()).toString();
  }

  @Test
  void idOf_looksTheSchemaUp_andRegistersItWhereItIsMissing_once() {
    answers.put(subject(SCHEMA) + "/versions", new Answer(200, "{\"id\":41}"));
    SchemaIds ids = registry();

    assertThat(ids.idOf(SCHEMA)).isEqualTo(41);
    assertThat(ids.idOf(SCHEMA)).isEqualTo(41);
    assertThat(ids.schemaOf(41)).contains(SCHEMA);

    assertThat(asked)
        .extracting(Asked::method, Asked::path, Asked::contentType, Asked::body)
        .containsExactly(
            tuple("POST", subject(SCHEMA), MEDIA_TYPE, schemaJson(SCHEMA)),
            tuple("POST", subject(SCHEMA) + "/versions", MEDIA_TYPE, schemaJson(SCHEMA)));
  }

  @Test
  void idOf_registeredBefore_isOnlyLookedUp() {
    answers.put(subject(SCHEMA), new Answer(200, "{\"id\":41,\"version\":1}"));

    assertThat(registry().idOf(SCHEMA)).isEqualTo(41);

    assertThat(asked).extracting(Asked::path).containsExactly(subject(SCHEMA));
  }

  @Test
  void schemaOf_known_isAskedOnce() {
    answers.put("/api/schemas/ids/41", new Answer(200, schemaJson(SCHEMA)));
    SchemaIds ids = registry();

    assertThat(ids.schemaOf(41)).contains(SCHEMA);
    assertThat(ids.schemaOf(41)).contains(SCHEMA);
    assertThat(asked).hasSize(1);
  }

  @Test
  void schemaOf_derivedId_isKnownWithoutAsking() {
    assertThat(registry().schemaOf(SchemaIds.derived().idOf(SCHEMA))).contains(SCHEMA);
    assertThat(asked).isEmpty();
  }

  @Test
  void schemaOf_unknown_isAskedAgainOnlyAfterAWhile() {
    SchemaIds ids = registry();

    assertThat(ids.schemaOf(7)).isEmpty();
    clock.now = clock.now.plus(RegistrySchemaIds.ASK_AGAIN).minusMillis(1);
    assertThat(ids.schemaOf(7)).isEmpty();
    assertThat(asked).hasSize(1);

    answers.put("/api/schemas/ids/7", new Answer(200, schemaJson(SCHEMA)));
    clock.now = clock.now.plusMillis(1);
    assertThat(ids.schemaOf(7)).contains(SCHEMA);
  }

  @Test
  void schemaOf_withoutAnAnswer_failsAtOnceForAWhile_andKnownIdsServeOn() {
    answers.put("/api/schemas/ids/41", new Answer(200, schemaJson(SCHEMA)));
    answers.put("/api/schemas/ids/9", new Answer(503, "not now"));
    SchemaIds ids = registry();
    assertThat(ids.schemaOf(41)).contains(SCHEMA);

    for (int id : new int[] {9, 9, 10}) {
      assertThatThrownBy(() -> ids.schemaOf(id))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("503");
    }
    assertThat(ids.schemaOf(41)).contains(SCHEMA);
    assertThat(asked).hasSize(2);

    answers.put("/api/schemas/ids/9", new Answer(200, schemaJson(SCHEMA)));
    clock.now = clock.now.plus(RegistrySchemaIds.ASK_AGAIN);
    assertThat(ids.schemaOf(9)).contains(SCHEMA);
    assertThat(ids.schemaOf(10)).isEmpty();
  }

  @Test
  void codec_unreachable_isNoUndecodableRecord() {
    answers.put(subject(SCHEMA), new Answer(200, "{\"id\":41}"));
    Codec<Reply> codec = Codec.of(Reply.class, registry());
    byte[] ofAnotherRelease = {0, 0, 0, 0, 42, 0};
    server.stop(0);

    assertThatThrownBy(() -> codec.decode(ofAnotherRelease))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("no answer")
        .hasMessageContaining(base);
  }

  @ParameterizedTest
  @CsvSource({
    "401, give credentials",
    "404, where the Confluent API begins",
    "409, allow the subject such a change",
    "500, look into the registry's log",
  })
  void idOf_refused_saysWhatToDo(int status, String remedy) {
    answers.put(subject(SCHEMA), new Answer(404, "{}"));
    answers.put(subject(SCHEMA) + "/versions", new Answer(status, "oops"));

    assertThatThrownBy(() -> registry().idOf(SCHEMA))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContainingAll(subject(SCHEMA), "oops", remedy);
  }

  @Test
  void answersOfSomethingElse_areTypedErrorsNamingIt() {
    for (String body : List.of("no json", "{\"version\":1}")) {
      answers.put(subject(SCHEMA), new Answer(200, body));
      assertThatThrownBy(() -> registry().idOf(SCHEMA))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContainingAll(base, "no schema registry");
    }
  }

  @Test
  void schemaOf_otherFormat_isUnknown() {
    String proto = "syntax = \\\"proto3\\\";";
    answers.put(
        "/api/schemas/ids/9",
        new Answer(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"" + proto + "\"}"));

    assertThat(registry().schemaOf(9)).isEmpty();
  }

  @Test
  void schemaOf_inParts_isPutTogether() {
    String pair =
        "{'type':'record','name':'Pair','fields':[{'name':'a','type':'n.Side'},"
            + "{'name':'b','type':'n.Side'},{'name':'c','type':'n.Unit'}]}";
    String side =
        "{'type':'record','name':'Side','namespace':'n','fields':[{'name':'u','type':'n.Unit'}]}";
    String unit = "{'type':'enum','name':'Unit','namespace':'n','symbols':['CM']}";
    answers.put("/api/schemas/ids/9", parts(pair, "Side", "Unit"));
    answers.put("/api/subjects/n.Side/versions/1", parts(side, "Unit"));
    answers.put("/api/subjects/n.Unit/versions/1", parts(unit));

    Schema whole = registry().schemaOf(9).orElseThrow();

    assertThat(whole.getField("b").schema().getField("u").schema().getEnumSymbols())
        .containsExactly("CM");
    assertThat(asked).hasSize(3);
  }

  private static Answer parts(String schema, String... references) {
    ObjectNode answer = JSON.createObjectNode().put("schema", schema.replace('\'', '"'));
    ArrayNode list = answer.putArray("references");
    for (String name : references) {
      list.addObject().put("name", "n." + name).put("subject", "n." + name).put("version", 1);
    }
    return new Answer(200, answer.toString());
  }

  @Test
  void credentials_areSent_andInNoMessage() {
    String url = base.replace("http://", "http://some%40one:se%3Acret@");
    SchemaIds ids = SchemaIds.of(SchemaRegistry.of(url));

    assertThatThrownBy(() -> ids.idOf(SCHEMA)).hasMessageNotContainingAny("some", "cret");
    server.stop(0);
    assertThatThrownBy(() -> ids.schemaOf(3)).hasMessageNotContainingAny("some", "cret");

    String sent = "Basic " + Base64.getEncoder().encodeToString("some@one:se:cret".getBytes(UTF_8));
    assertThat(asked).extracting(Asked::authorization).containsOnly(sent);
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
