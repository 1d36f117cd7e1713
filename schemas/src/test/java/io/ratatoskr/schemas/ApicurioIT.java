package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.schemas.wire.EmbedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against Apicurio Registry's Confluent-compatible API, version 7. Its distribution has 158 MB, so
 * this runs only when told where it is: {@code ./mvnw -q dependency:unpack
 * -Dartifact=io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all -DoutputDirectory=target/apicurio},
 * then {@code ./mvnw -pl schemas verify -Dit.test=ApicurioIT -Dregistry=apicurio
 * -Dapicurio=$PWD/target/apicurio}.
 */
@EnabledIfSystemProperty(named = "registry", matches = "apicurio")
class ApicurioIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void serde_idsComeFromTheRegistry_andAnotherProcessFindsThem(@TempDir Path logs)
      throws Exception {
    int port = freePort();
    Process registry =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                Path.of(System.getProperty("apicurio"), "quarkus-run.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(logs.resolve("apicurio.log").toFile())
            .start();
    try {
      URI base = URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
      Map<Schema, Integer> ids = new HashMap<>();
      SchemaIds writer = SchemaIds.registry(base);
      ids.put(KnownSchemas.current().getFirst(), awaitFirst(writer, registry));
      KnownSchemas.current().forEach(schema -> ids.put(schema, writer.idOf(schema)));

      SchemaIds reader = SchemaIds.registry(base);
      ids.forEach((schema, id) -> assertThat(reader.schemaOf(id)).contains(schema));
      assertThat(reader.schemaOf(999_999)).isEmpty();
      assertThat(ids.values()).doesNotHaveDuplicates();

      EmbedRequest request = EmbedRequest.newBuilder().setModel("m").setItems(List.of()).build();
      try (AvroSerde<EmbedRequest> serde = new AvroSerde<>()) {
        serde.configure(Map.of(AvroSerializer.REGISTRY_URL, base.toString()), false);
        byte[] bytes = serde.serializer().serialize("t", request);
        assertThat(ByteBuffer.wrap(bytes).getInt(1))
            .isEqualTo(ids.get(EmbedRequest.getClassSchema()));
        assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(request);
      }
    } finally {
      registry.destroy();
      registry.waitFor();
    }
  }

  private static int awaitFirst(SchemaIds ids, Process registry) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        return ids.idOf(KnownSchemas.current().getFirst());
      } catch (SchemaRegistryException e) {
        if (!registry.isAlive() || Instant.now().isAfter(end)) {
          throw e;
        }
        registry.waitFor(200, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
