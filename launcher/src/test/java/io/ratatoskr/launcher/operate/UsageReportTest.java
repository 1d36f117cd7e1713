package io.ratatoskr.launcher.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.launcher.operate.UsageReport.Field;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.wire.UsageRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageReportTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:34:56Z");

  private static UsageRecord.Builder usage(String id, String tenant, String model) {
    return UsageRecord.newBuilder()
        .setRequestId(id)
        .setGeneration(1)
        .setRequests(1)
        .setJoined(0)
        .setCached(false)
        .setOutcome("Answered")
        .setDomain("d")
        .setLane("bulk")
        .setCapability("chat")
        .setTenant(tenant)
        .setPool("chat")
        .setModel(model)
        .setProvider("p")
        .setLocation(Location.REMOTE)
        .setAttempts(1)
        .setQueueMs(5)
        .setExecutionMs(1_500);
  }

  private static UsageReport report(List<Field> by) {
    UsageReport report = new UsageReport(by);
    report.add(
        usage("1", "acme", "m")
            .setPromptTokens(100L)
            .setCompletionTokens(20L)
            .setCost(0.25)
            .build(),
        NOON);
    report.add(
        usage("2", "acme", "m").setRequests(3).setJoined(2).setPromptTokens(7L).build(), NOON);
    report.add(usage("3", "", "m").setOutcome("Http").setAttempts(3).build(), NOON);
    report.add(usage("4", "acme", "other").setCached(true).build(), NOON.plusSeconds(3_600));
    return report;
  }

  @Test
  void table_hasASumForEachCombination() {
    assertThat(report(List.of(Field.TENANT, Field.MODEL)).table())
        .isEqualTo(
            """
            TENANT  MODEL  REQUESTS  FAILED  JOINED  CACHED  ATTEMPTS  TOKENS IN  TOKENS OUT  USD     SECONDS
            -       m      1         1       0       0       3         0          0           0.0000  1.5
            acme    m      4         0       2       0       2         107        20          0.2500  3.0
            acme    other  1         0       0       1       1         0          0           0.0000  1.5
            """);
  }

  @Test
  void copyOfARecord_countsOnce_butNotWhatSettledAnotherWay() {
    UsageReport report = new UsageReport(List.of());
    report.add(usage("1", "acme", "m").build(), NOON);
    report.add(usage("1", "acme", "m").build(), NOON.plusSeconds(9));
    report.add(usage("1", "acme", "m").setGeneration(2).build(), NOON);
    report.add(usage("1", "acme", "m").setOutcome("Expired").build(), NOON);

    assertThat(report.json()).hasSize(1);
    assertThat(report.json().getFirst().path("requests").asInt()).isEqualTo(3);
  }

  @Test
  void json_hasTheFieldsByName() {
    assertThat(report(List.of(Field.HOUR)).json().getFirst().toString())
        .isEqualTo(
            "{\"hour\":\"2026-11-28T12:00:00Z\",\"requests\":5,\"failed\":1,\"joined\":2,\"cached\":0,"
                + "\"attempts\":5,\"prompt_tokens\":107,\"completion_tokens\":20,\"cost\":0.25,"
                + "\"execution_ms\":4500}");
    assertThat(report(List.of(Field.DAY, Field.LOCATION)).json())
        .extracting(sum -> sum.path("day").asString() + sum.path("location").asString())
        .containsExactly("2026-11-28remote");
  }

  @Test
  void fieldThatIsNone_isRefusedWithThoseThatAre() {
    assertThat(Field.named("tenant")).isEqualTo(Field.TENANT);
    assertThatThrownBy(() -> Field.named("colour")).hasMessageContaining("tenant, model, provider");
  }
}
