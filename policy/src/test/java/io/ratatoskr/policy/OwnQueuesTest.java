package io.ratatoskr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Pools;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.RoutingHints;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwnQueuesTest {
  private static final String POLICY =
      """
      [[queues]]
      name = "elsewhere"
      pools = ["embed"]
      tenants = ["acme"]
      [[queues]]
      name = "acme-quick"
      pools = ["chat", "embed"]
      tenants = ["acme", "acme-test"]
      task-classes = ["quick-response"]
      weight = 9
      [[queues]]
      name = "acme"
      pools = ["chat"]
      tenants = ["acme"]
      weight = 4
      [[queues]]
      name = "code"
      pools = ["chat"]
      task-classes = ["code-generation"]
      """;

  private final PolicyConfig config = PolicyFile.parse("policy.toml", POLICY).config();

  /** The queue of the first candidate for a chat. */
  private String queue(String model, String tenant, String taskClass) {
    RequestHead head =
        new RequestHead(
            new RequestId(new UUID(1, 1)),
            model,
            "",
            false,
            tenant,
            DataPolicy.LOCAL_ONLY,
            CacheMode.OFF,
            new RoutingHints("", taskClass, ""));
    Traits traits = new Traits("Write a function that reverses a string.", 10, 0, false, false);
    Set<String> models = Set.of("m");
    CatalogSnapshot catalog =
        new CatalogSnapshot(
            Map.of(), Map.of("chat", new CatalogSnapshot.Pool(1, models, models, Map.of())), true);
    World world = new World(catalog, Set.of(Topics.work(Lane.INTERACTIVE, "chat")));
    RoutingPolicy policy =
        new RoutingPolicy(
            Pools.standard(),
            config,
            new PolicyLimits(Map.of(), Duration.ofSeconds(60), Duration.ofMinutes(10)));
    return policy
        .choose(new Ask(Capability.CHAT, Lane.INTERACTIVE, head, 40, () -> traits), world)
        .chain()
        .getFirst()
        .queue();
  }

  @Test
  void choose_theFirstThatFitsPoolTenantAndClass_elseThePoolsOwn() {
    assertThat(queue("m", "acme", "")).isEqualTo("acme");
    assertThat(queue("m", "acme", "quick-response")).isEqualTo("acme-quick");
    assertThat(queue("m", "acme-test", "quick-response")).isEqualTo("acme-quick");
    assertThat(queue("m", "acme-test", "")).isEmpty();
    assertThat(queue("m", "", "code-generation")).isEqualTo("code");
    assertThat(queue("m", "", "general")).isEmpty();
  }

  @Test
  void choose_auto_goesByTheClassThatIsFound() {
    assertThat(queue("auto", "", "")).isEqualTo("code");
  }

  @Test
  void weightsAndNames_areThoseOfAPool() {
    assertThat(config.queues().weights("chat"))
        .isEqualTo(Map.of("acme-quick", 9, "acme", 4, "code", 1));
    assertThat(config.queues().byPool())
        .isEqualTo(
            Map.of(
                "chat", Set.of("acme-quick", "acme", "code"),
                "embed", Set.of("elsewhere", "acme-quick")));
  }
}
