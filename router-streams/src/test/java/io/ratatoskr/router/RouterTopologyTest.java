package io.ratatoskr.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.catalog.HealthSnapshot;
import io.ratatoskr.router.health.Tally;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.SchemaIds;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterTopologyTest {
  @ParameterizedTest
  @EnumSource
  void topologyIsTheOneOnRecord(Lane lane) throws Exception {
    RouterConfig config = Rig.config(Map.of("cache.enabled", "true"));
    FakeDirectory directory = new FakeDirectory();
    RouterCodecs codecs = new RouterCodecs(SchemaIds.derived());
    Services services =
        new Services(
            config,
            codecs,
            directory,
            new FakeCatalog(),
            () -> HealthSnapshot.UNKNOWN,
            new Tally("router", () -> HealthSnapshot.UNKNOWN),
            new RouterMetrics(new SimpleMeterRegistry()),
            SendPoint.PASS);
    String described = sorted(RouterTopology.of(lane, services).describe().toString());
    String file = "topology-" + lane.topicName() + ".txt";
    try (InputStream golden = getClass().getResourceAsStream(file)) {
      assertThat(described)
          .as("%s; replace it if the change is meant:%n%s", file, described)
          .isEqualTo(golden == null ? "" : new String(golden.readAllBytes(), UTF_8));
    }
  }

  /** The description with its lists in order, which is another in every JVM. */
  private static String sorted(String description) {
    Matcher lists = Pattern.compile("(?<=\\[|--> |<-- )[^\\]\\n]+").matcher(description);
    return lists.replaceAll(
        list -> Arrays.stream(list.group().split(", ")).sorted().collect(Collectors.joining(", ")));
  }
}
