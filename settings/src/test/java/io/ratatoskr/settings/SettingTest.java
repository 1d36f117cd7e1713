package io.ratatoskr.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTest {
  private enum Kind {
    ON_DISK,
    MEMORY
  }

  private static final Setting<Integer> COUNT = Setting.integer("a.count", 3, 1, 9, "How many.");
  private static final Setting<Long> BYTES =
      Setting.size("a.bytes", 65_536, 1, Long.MAX_VALUE, "How large.");
  private static final Setting<Duration> WAIT =
      Setting.duration(
          "a.wait", Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofDays(1), "How long.");
  private static final Setting<String> NAME =
      Setting.text("a.name", "", "no blanks", name -> !name.contains(" "), "Who.");
  private static final Setting<Kind> KIND = Setting.choice("a.kind", Kind.ON_DISK, "Where.");
  private static final Setting<Boolean> FLAG = Setting.flag("a.flag", true, "Whether.");
  private static final Setting<List<String>> LIST =
      Setting.list("a.list", List.of("x"), "no blanks", text -> !text.contains(" "), "Which.");
  private static final Setting<String> SECRET =
      Setting.text("a.secret", "", "no blanks", text -> !text.contains(" "), "Psst.").hidden();
  private static final Setting<Map<String, Integer>> TABLE =
      Setting.table(
          "a.table", List.of("own"), "a number", (name, text) -> Integer.valueOf(text), "Each.");

  private static final List<Setting<?>> ALL =
      List.of(COUNT, BYTES, WAIT, NAME, KIND, FLAG, LIST, SECRET, TABLE);

  private static Values given(String key, String text) {
    return Values.of(ALL, Map.of(key, text));
  }

  @Test
  void of_keyAbsent_givesTheDefault() {
    assertThat(COUNT.of(Values.none())).isEqualTo(3);
    assertThat(WAIT.of(given("a.count", "4"))).isEqualTo(Duration.ofSeconds(1));
    assertThat(TABLE.of(Values.none())).isEmpty();
  }

  @Test
  void of_keyPresent_readsIt() {
    assertThat(COUNT.of(given("a.count", " 9 "))).isEqualTo(9);
    assertThat(BYTES.of(given("a.bytes", "123456789012"))).isEqualTo(123_456_789_012L);
    assertThat(NAME.of(given("a.name", "x"))).isEqualTo("x");
    assertThat(KIND.of(given("a.kind", "memory"))).isEqualTo(Kind.MEMORY);
    assertThat(FLAG.of(given("a.flag", "false"))).isFalse();
    assertThat(LIST.of(given("a.list", "y"))).containsExactly("y");
    assertThat(TABLE.of(Values.of(ALL, Map.of("a.table.b.c", "1", "a.table.own", "none"))))
        .isEqualTo(Map.of("b.c", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "10m, PT10M",
    "24h, PT24H",
    "7d, PT168H",
    "1h30m, PT1H30M",
    "0s, PT0S",
    "PT2M, PT2M"
  })
  void durations_areReadAndWritten(String text, Duration span) {
    assertThat(DurationText.read(text)).isEqualTo(span);
    assertThat(DurationText.read(DurationText.write(span))).isEqualTo(span);
  }

  @ParameterizedTest
  @CsvSource({"30", "s", "30 s", "1x", "-5s", "''", "3s4", "PT", "99999999999999999999s"})
  void durations_anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.read(text));
  }

  @ParameterizedTest
  @CsvSource({
    "512, 512",
    "0, 0",
    "1B, 1",
    "64KiB, 65536",
    "64 kib, 65536",
    "256MiB, 268435456",
    "1GiB, 1073741824",
    "2TiB, 2199023255552",
    "1kB, 1000",
    "5MB, 5000000"
  })
  void sizes_areReadAndWritten(String text, long bytes) {
    assertThat(SizeText.read(text)).isEqualTo(bytes);
    assertThat(SizeText.read(SizeText.write(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"-1", "1XB", "MiB", "1.5MiB", "99999999999TiB", "''"})
  void sizes_anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SizeText.read(text));
  }

  @Test
  void of_unreadable_namesKeyAndWhatItTakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> COUNT.of(given("a.count", "many")))
        .withMessage("a.count: must be a whole number: 1 to 9, is \"many\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WAIT.of(given("a.wait", "30")))
        .withMessage("a.wait: must be a duration such as 500ms, 30s or 24h: 1ms to 1d, is \"30\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KIND.of(given("a.kind", "tape")))
        .withMessage("a.kind: must be on-disk, memory, is \"tape\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TABLE.of(given("a.table.x", "y")))
        .withMessage("a.table.x: must be a number, is \"y\"");
  }

  @Test
  void check_outOfBounds_namesKeyAndWhatItTakes() {
    assertThat(COUNT.check(1)).isEqualTo(1);
    assertThat(COUNT.check(9)).isEqualTo(9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> COUNT.check(10))
        .withMessage("a.count: must be 1 to 9, is 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BYTES.check(0L))
        .withMessage("a.bytes: must be 1 or more, is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NAME.check("a b"))
        .withMessage("a.name: must be no blanks, is \"a b\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LIST.check(List.of("a", "b c")))
        .withMessage("a.list: must be no blanks, is [\"a\", \"b c\"]");
  }

  @Test
  void secrets_areNeverShown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SECRET.of(given("a.secret", "pass word")))
        .withMessage("a.secret: must be no blanks");
    assertThat(SECRET.shown("password")).isEqualTo("\"****\"");
    assertThat(SECRET.shown("")).isEqualTo("\"\"");
    assertThat(given("a.secret", "password")).hasToString("[a.secret]");
  }

  @Test
  void section_hasARowForEachKey() {
    assertThat(new Section("a", "", List.of(COUNT.whileRunning(), BYTES, NAME)).markdown())
        .isEqualTo(
            """
            | key | default | allowed | meaning |
            |---|---|---|---|
            | `a.count` | `3` | 1 to 9 | How many. *Live.* |
            | `a.bytes` | `"64KiB"` | 1 or more | How large. |
            | `a.name` |  | no blanks | Who. |
            """);
  }
}
