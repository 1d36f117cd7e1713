package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentTest {
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @ValueSource(strings = {"a", "ratatoskr.default", "ratatoskr.system", "A-b_c.9"})
  void domain_topicPrefix_isTaken(String prefix) {
    assertThat(new Domain(prefix)).hasToString(prefix);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "a.", "a b", "ä", "ratatoskr.sys", "ratatoskr.sys.x"})
  void domain_other_isRefusedNamingTheKey(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Domain(prefix))
        .withMessageStartingWith("domain: ");
  }

  @Test
  void domain_length_isAtMost100() {
    assertThat(new Domain("x".repeat(100)).prefix()).hasSize(100);
    assertThatIllegalArgumentException().isThrownBy(() -> new Domain("x".repeat(101)));
  }

  private static void refused(String key, List<String> domains, int p, int replies, int copies) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Deployment(
                domains.stream().map(Domain::new).toList(), p, replies, (short) copies, DAY))
        .withMessageStartingWith(key + ":");
  }

  @Test
  void deployment_nonsense_isRefusedNamingTheKey() {
    refused("domains", List.of(), 1, 1, 1);
    refused("domains", List.of("a", "a"), 1, 1, 1);
    refused("domains", List.of("a.b", "a"), 1, 1, 1);
    refused("partitions", List.of("a"), 0, 1, 1);
    refused("reply-partitions", List.of("a"), 1, 0, 1);
    refused("replication-factor", List.of("a"), 1, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Deployment(List.of(Domain.DEFAULT), 1, 1, (short) 1, Duration.ZERO))
        .withMessageStartingWith("longest-deadline:");
  }

  @Test
  void deployment_domainsThatOnlyLookAlike_areTaken() {
    List<Domain> domains = List.of(new Domain("a"), new Domain("ab"), new Domain("a-b"));

    assertThat(new Deployment(domains, 1, 1, (short) 1, DAY).domains()).isEqualTo(domains);
  }

  @Test
  void deployment_presets_areThoseOfTheDesign() {
    assertThat(Deployment.allInOne().partitions()).isEqualTo(2);
    assertThat(Deployment.forOneClient())
        .isEqualTo(new Deployment(List.of(Domain.DEFAULT), 2, 1, (short) 1, Duration.ofDays(7)));
    assertThat(Deployment.cluster().partitions()).isEqualTo(12);
    assertThat(Deployment.cluster().replicationFactor()).isEqualTo((short) 3);
  }
}
