package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.slf4j.LoggerFactory;

class QuietLogsTest {

  @ExtendWith(QuietLogs.class)
  @EnabledIfSystemProperty(named = "quiet.logs.samples", matches = "on")
  static class Samples {
    @Test
    void warns() {
      LoggerFactory.getLogger("io.ratatoskr.sample").warn("disk {} low", "a");
    }

    @Test
    void informs() {
      LoggerFactory.getLogger("io.ratatoskr.sample").info("all well");
    }

    @Test
    @AllowWarnings("sample: disk . low")
    void warnsAsAllowed() {
      LoggerFactory.getLogger("io.ratatoskr.sample").warn("disk {} low", "a");
    }

    @Test
    @AllowWarnings("sample: disk . low")
    void failsDifferently() {
      LoggerFactory.getLogger("io.ratatoskr.sample").error("disk gone");
    }

    @Test
    void warnsElsewhere() {
      LoggerFactory.getLogger("org.example").warn("not ours");
    }
  }

  @Test
  void failsOnAWarningAndTellsIt() {
    assertThat(failures("warns"))
        .singleElement()
        .asString()
        .contains("io.ratatoskr.sample: disk a low");
  }

  @Test
  void allowsWhatIsNamedAndNothingElse() {
    assertThat(failures("warnsAsAllowed")).isEmpty();
    assertThat(failures("failsDifferently")).singleElement().asString().contains("disk gone");
  }

  @Test
  void ignoresLowerLevelsAndOtherLoggers() {
    assertThat(failures("informs")).isEmpty();
    assertThat(failures("warnsElsewhere")).isEmpty();
  }

  private static List<String> failures(String method) {
    System.setProperty("quiet.logs.samples", "on");
    try {
      var tests =
          EngineTestKit.engine("junit-jupiter")
              .selectors(selectMethod(Samples.class, method))
              .execute()
              .testEvents();
      assertThat(tests.started().count()).isEqualTo(1);
      return tests.failed().stream().map(QuietLogsTest::reason).toList();
    } finally {
      System.clearProperty("quiet.logs.samples");
    }
  }

  private static String reason(Event event) {
    return String.valueOf(
        event
            .getRequiredPayload(TestExecutionResult.class)
            .getThrowable()
            .orElseThrow()
            .getMessage());
  }
}
