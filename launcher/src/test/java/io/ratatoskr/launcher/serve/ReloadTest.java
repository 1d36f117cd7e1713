package io.ratatoskr.launcher.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReloadTest {
  @TempDir private Path folder;

  private final List<Configuration> taken = new ArrayList<>();
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.ratatoskr");
  private Level before = Level.OFF;

  @BeforeEach
  void level() {
    before = ours.getLevel();
  }

  @AfterEach
  void levelAsBefore() {
    ours.setLevel(before);
  }

  private void write(String content) throws IOException {
    Files.writeString(folder.resolve("x.toml"), content);
  }

  private Reload started(String content) throws IOException {
    write(content);
    Layers layers =
        Layers.of(Configuration.known(), Layers.Surroundings.none())
            .withFile(folder.resolve("x.toml"));
    Values defaults = Configuration.allInOne();
    return new Reload(layers, defaults, layers.read().over(defaults), taken::add);
  }

  @Test
  void nothingNew_nothingChanges() throws IOException {
    Reload reload = started("[cache]\nttl = \"2h\"\n");

    assertThat(reload.run().text()).isEqualTo("Nothing is changed");
    assertThat(taken).isEmpty();
  }

  @Test
  void liveKeys_areTaken_once() throws IOException {
    Reload reload = started("[cache]\nttl = \"2h\"\n");
    write("[cache]\nttl = \"3h\"\n[workers]\nbulk-share = 30\n[log]\nlevel = \"debug\"\n");

    assertThat(reload.run().text()).isEqualTo("Changed: cache.ttl, workers.bulk-share, log.level");
    assertThat(taken).hasSize(1);
    assertThat(taken.getFirst().router().cache().ttl()).isEqualTo(Duration.ofHours(3));
    assertThat(taken.getFirst().worker().bulkShare()).isEqualTo(30);
    assertThat(ours.getLevel()).isEqualTo(Level.DEBUG);
    assertThat(reload.run().text()).isEqualTo("Nothing is changed");

    write("");
    assertThat(reload.run().changed())
        .containsExactly("cache.ttl", "workers.bulk-share", "log.level");
    assertThat(ours.getLevel()).isEqualTo(Level.INFO);
  }

  @Test
  void others_areNamedAndLeft_untilTheyAreAsBefore() throws IOException {
    Reload reload = started("");
    write("[router]\nthreads = 3\n[cache]\nenabled = false\nttl = \"3h\"\n");

    Reload.Outcome outcome = reload.run();

    assertThat(outcome.text())
        .isEqualTo("Changed: cache.ttl; needs a restart: router.threads, cache.enabled");
    assertThat(reload.run().restart()).containsExactly("router.threads", "cache.enabled");
    write("");
    assertThat(reload.run().restart()).isEmpty();
  }

  @Test
  void pools_needARestart_butNotForANewLine() throws IOException {
    String pool = "[[pools]]\nname = \"gpu\"\ncapabilities = [\"embed\"]\n";
    Reload reload = started(pool);
    write("\n" + pool);
    assertThat(reload.run().text()).isEqualTo("Nothing is changed");

    write(pool + "location = \"remote\"\n");
    assertThat(reload.run().restart()).containsExactly("[[pools]]");
  }

  @Test
  void aMistake_changesNothing() throws IOException {
    Reload reload = started("");
    write("[cache]\nttl = \"3h\"\n[router]\nthreads = 0\nthread = 1\n");

    assertThat(reload.run().text())
        .startsWith("Nothing is changed: ")
        .contains("x.toml:4:1: router.threads: must be 1 to 64, is 0\n")
        .contains("x.toml:5:1: router.thread: there is no such key");
    write("[retry]\nbackoff = \"1m\"\n[cache]\nttl = \"3h\"\n");
    assertThat(reload.run().text()).contains("retry.longest-backoff: is shorter than");
    assertThat(taken).isEmpty();
  }
}
