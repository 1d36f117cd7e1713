package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerTestBrokerTest {
  @Test
  void theContainerGetsTheEmbeddedBrokersSettingsAndKeepsItsOwnIdentity() {
    assertThat(ContainerTestBroker.environment())
        .containsEntry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
        .containsEntry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
        .containsEntry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .containsEntry("KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000")
        .doesNotContainKeys(
            "KAFKA_NODE_ID",
            "KAFKA_LOG_DIRS",
            "KAFKA_LISTENERS",
            "KAFKA_ADVERTISED_LISTENERS",
            "KAFKA_PROCESS_ROLES",
            "KAFKA_CONTROLLER_QUORUM_VOTERS");
  }
}
