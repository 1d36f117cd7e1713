package io.ratatoskr.launcher.serve;

import static io.ratatoskr.allinone.EmbeddedRatatoskr.ALL_MINILM_L6_V2_Q;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.Pipeline;
import io.ratatoskr.allinone.PipelineConfig;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a running pipeline. */
@Timeout(240)
class MetricsIT {
  private static final Pattern TYPE =
      Pattern.compile("^# TYPE (ratatoskr\\w*) (\\w+)$", Pattern.MULTILINE);
  private static final Pattern HELP =
      Pattern.compile("^# HELP (ratatoskr\\w*) (\\S.*)$", Pattern.MULTILINE);

  @TempDir private Path folder;

  @Test
  void everyMeter_isExplained_isInTheDocsByItsName_andTimersHaveBuckets() throws Exception {
    String docs = Files.readString(Path.of("..", "docs", "metrics.md"));

    String scrape = scrapeOfAnAnsweredRequest();

    Map<String, String> types = new HashMap<>();
    TYPE.matcher(scrape).results().forEach(type -> types.put(type.group(1), type.group(2)));
    assertThat(types)
        .containsEntry("ratatoskr_router_requests_total", "counter")
        .containsEntry("ratatoskr_router_flights_open", "gauge")
        .containsEntry("ratatoskr_worker_queue_seconds", "histogram")
        .containsEntry("ratatoskr_worker_execution_seconds", "histogram")
        .containsEntry("ratatoskr_client_latency_seconds", "histogram")
        .containsEntry("ratatoskr_client_in_flight_bytes", "gauge");
    assertThat(HELP.matcher(scrape).results().map(help -> help.group(1)))
        .as("meters with a description")
        .containsExactlyInAnyOrderElementsOf(types.keySet());
    types.forEach((name, type) -> {
      assertThat(docs).contains("| `" + name.replaceFirst("_seconds_max$", "_seconds") + "` |");
      if (type.equals("histogram")) {
        assertThat(scrape).contains(name + "_bucket{");
        assertThat(List.of("0.001", "0.1", "1.0", "60.0", "600.0"))
            .allSatisfy(bound ->
                assertThat(scrape).containsPattern(name + "_bucket\\{[^}]*le=\"" + bound + "\"}"));
      }
    });
  }

  private String scrapeOfAnAnsweredRequest() throws IOException, InterruptedException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    PipelineConfig config =
        PipelineConfig.of(
            folder, List.of(ALL_MINILM_L6_V2_Q), Configuration.of(Configuration.oneClient()));
    try (StatusServer page = StatusServer.start(InetAddress.getLoopbackAddress(), 0, meters);
        HttpClient http = HttpClient.newHttpClient();
        Pipeline pipeline = Pipeline.start(config, meters);
        KafkaRatatoskr client =
            KafkaRatatoskr.connect(ClientConfig.of(pipeline.bootstrap()), meters)) {
      RequestOptions patient = RequestOptions.defaults().withTimeout(Duration.ofMinutes(2));
      client.embed(EmbedRequest.of(ALL_MINILM_L6_V2_Q, "A text.").withOptions(patient)).join();
      HttpRequest request = HttpRequest.newBuilder(URI.create(page.url() + "/metrics")).build();
      // Each part counts after it has handed on.
      return Awaitility.await()
          .until(
              () -> http.send(request, BodyHandlers.ofString()).body(),
              scrape ->
                  scrape.contains("ratatoskr_worker_execution_seconds_count")
                      && scrape.contains("ratatoskr_router_requests_total{"));
    }
  }
}
