package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.TopicCreation;
import io.ratatoskr.schemas.TopicSpec;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.TestKafka;
import io.ratatoskr.testkit.WithKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lanes are served apart from each other, by applications of their own. */
@WithKafka(ownBroker = true)
class LanesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path temp;

  @BeforeEach
  void createTopics(TestKafka kafka) {
    RouterIT.createTopics(kafka);
  }

  private Router router(TestKafka kafka, String application, Map.Entry<String, String> setting) {
    Map<String, String> settings =
        Map.ofEntries(setting, Map.entry("router.application-id", application));
    return new Router(
        RouterConfig.of(
                Deployment.allInOne(),
                temp.resolve("state"),
                Values.of(RouterConfig.settings(), settings))
            .withBootstrap(kafka.bootstrapServers()),
        new SimpleMeterRegistry());
  }

  @Test
  void laneAlone_startsNothingOfTheOther(TestKafka kafka) throws Exception {
    try (Router router = router(kafka, "alone", Map.entry("router.lanes", "interactive"));
        ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers())) {
      router.start();
      router.awaitRunning(PATIENCE);

      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 0, 20);
      assertThat(router.states()).containsOnlyKeys(Lane.INTERACTIVE);
      assertThat(router.openRequests()).isPresent();
      assertThat(kafka.admin().listTopics().names().get())
          .contains("alone-interactive-flights-changelog")
          .noneMatch(topic -> topic.startsWith("alone-bulk"));
      assertThat(worker.failure()).isNull();
    }
  }

  @Test
  void laneWhoseStoreCannotBeOpened_leavesTheOtherAlone(TestKafka kafka) throws Exception {
    Path task = temp.resolve("state").resolve("broken-bulk").resolve("0_0");
    Files.createDirectories(task.getParent());
    Files.writeString(task, "no folder");
    try (Router router = router(kafka, "broken", Map.entry("router.store", "rocksdb"));
        ScriptedWorker worker = ScriptedWorker.start(kafka.bootstrapServers())) {
      router.start();

      RouterIT.sendAndAwaitReplies(kafka, Lane.INTERACTIVE, 100, 200);
      assertThat(router.states())
          .containsEntry(Lane.INTERACTIVE, Router.State.RUNNING)
          .containsEntry(Lane.BULK, Router.State.STARTING);
      assertThat(router.state()).isEqualTo(Router.State.STARTING);

      Files.delete(task);
      RouterIT.sendAndAwaitReplies(kafka, Lane.BULK, 100, 200);
      Awaitility.await().until(() -> router.state() == Router.State.RUNNING);
      assertThat(worker.failure()).isNull();
    }
  }

  @Test
  void storeThatCannotBeOpenedAtTheStart_isNamed(TestKafka kafka) throws Exception {
    Path store = temp.resolve("state").resolve("unread-bulk").resolve("0_0").resolve("rocksdb");
    Files.createDirectories(store.getParent());
    Files.writeString(store, "no folder");

    try (Router router = router(kafka, "unread", Map.entry("router.store", "rocksdb"))) {
      assertThatThrownBy(router::start)
          .isInstanceOf(RouterException.BadStateFolder.class)
          .hasMessageContaining(temp.resolve("state").resolve("unread-bulk").toString())
          .hasMessageContaining("delete it");
    }
  }

  @Test
  void stateOfAnEarlierLayout_isRefusedByName(TestKafka kafka) {
    String changelog = "formerly-flights-bulk-changelog";
    new TopicCreation(kafka.admin(), PATIENCE)
        .create(List.of(new TopicSpec(changelog, 2, Map.of(), "", "", "")), (short) 1);

    try (Router router = router(kafka, "formerly", Map.entry("router.store", "memory"))) {
      assertThatThrownBy(router::start)
          .isInstanceOf(RouterException.OldLayout.class)
          .hasMessageContaining(changelog)
          .hasMessageContaining("earlier version")
          .hasMessageContaining("delete these topics");
    }
  }
}
