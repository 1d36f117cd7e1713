package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static final Setting<Integer> COUNT = Setting.integer("count", 3, 1, 9, "How many.");
  private static final Setting<Long> BYTES =
      Setting.number("bytes", 5, 1, Long.MAX_VALUE, "How large.");
  private static final Setting<Duration> WAIT =
      Setting.duration(
          "wait", Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofDays(1), "How long.");
  private static final Setting<String> NAME =
      Setting.text("name", "", "no blanks", name -> !name.contains(" "), "Who.");

  @Test
  void of_keyAbsent_givesTheDefault() {
    assertThat(COUNT.of(Map.of())).isEqualTo(3);
    assertThat(WAIT.of(Map.of("other", "x"))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void of_keyPresent_readsIt() {
    assertThat(COUNT.of(Map.of("count", " 9 "))).isEqualTo(9);
    assertThat(BYTES.of(Map.of("bytes", "123456789012"))).isEqualTo(123_456_789_012L);
    assertThat(WAIT.of(Map.of("wait", "PT2M"))).isEqualTo(Duration.ofMinutes(2));
    assertThat(NAME.of(Map.of("name", "x"))).isEqualTo("x");
  }

  @Test
  void of_unreadable_namesKeyAndWhatItTakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> COUNT.of(Map.of("count", "many")))
        .withMessage("count: must be 1 to 9, is many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WAIT.of(Map.of("wait", "30s")))
        .withMessage("wait: must be PT0.001S to PT24H, is 30s");
  }

  @Test
  void check_outOfBounds_namesKeyAndWhatItTakes() {
    assertThat(COUNT.check(1)).isEqualTo(1);
    assertThat(COUNT.check(9)).isEqualTo(9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> COUNT.check(10))
        .withMessage("count: must be 1 to 9, is 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BYTES.check(0L))
        .withMessage("bytes: must be 1 or more, is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NAME.check("a b"))
        .withMessage("name: must be no blanks, is a b");
  }

  @Test
  void markdown_hasARowForEach() {
    assertThat(Setting.markdown(List.of(COUNT, NAME)))
        .isEqualTo(
            """
            | key | default | allowed | meaning |
            |---|---|---|---|
            | `count` | `3` | 1 to 9 | How many. |
            | `name` |  | no blanks | Who. |
            """);
  }
}
