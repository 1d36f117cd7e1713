package io.ratatoskr.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineParserTest {
  private static final LineInput JSONL =
      LineInput.of("in.jsonl", List.of("text")).withKeep(List.of("lang", "meta"));
  private static final LineInput CSV =
      LineInput.of("in.csv.gz", List.of("text")).withKeep(List.of("lang"));

  @Test
  void readsTextIdAndKeptFields() {
    assertThat(json("{\"id\":\"a\",\"text\":\"héllo\",\"lang\":\"fr\",\"meta\":{\"n\":[1, 2]}}"))
        .isEqualTo(
            new Line.Good(
                7, new Line.Id("a", false), List.of("héllo"), 6, List.of("fr", "{\"n\":[1,2]}")));
  }

  @Test
  void keepsANumberAsItStands() {
    assertThat(json("{\"x\":{\"id\":1},\"id\":1.50e3,\"text\":\"t\",\"lang\":007.5}"))
        .isInstanceOf(Line.Bad.class);
    assertThat(json("{\"x\":{\"id\":1},\"id\":12345678901234567890123,\"text\":\"t\"}"))
        .isInstanceOfSatisfying(
            Line.Good.class,
            line -> {
              assertThat(line.id()).isEqualTo(new Line.Id("12345678901234567890123", true));
              assertThat(line.kept()).containsExactly(null, null);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.50", "1e3", "-0.0", "1E-7", "9007199254740993", "0.10000000000000000555"})
  void anIdIsWhatWasWritten(String id) {
    assertThat(json("{\"id\":" + id + ",\"text\":\"t\",\"lang\":" + id + "}"))
        .isInstanceOfSatisfying(
            Line.Good.class,
            line -> {
              assertThat(line.id()).isEqualTo(new Line.Id(id, true));
              assertThat(line.kept()).containsExactly(id, null);
            });
  }

  @Test
  void skipsABlankLineOfJson() {
    assertThat(json("  ")).isNull();
  }

  @Test
  void saysWhatIsWrongWithALine() {
    assertReason("{\"id\":1,\"text\":", "broken JSON: ");
    assertReason("[1]", "the line is not a JSON object");
    assertReason("{\"id\":1,\"text\":\"a\"} {}", "something follows the JSON object");
    assertReason("{\"text\":\"a\"}", "field 'id' is missing");
    assertReason("{\"id\":null,\"text\":\"a\"}", "field 'id' is missing");
    assertReason("{\"id\":[1],\"text\":\"a\"}", "field 'id' is neither string nor number");
    assertReason("{\"id\":true,\"text\":\"a\"}", "field 'id' is neither string nor number");
    assertReason("{\"id\":{\"n\":1},\"text\":\"a\"}", "field 'id' is neither string nor number");
    assertReason("{\"id\":\"\",\"text\":\"a\"}", "the id is empty");
    assertReason("{\"id\":1,\"text\":\"a\",\"text\":\"b\"}", "field 'text' stands twice");
    assertReason("{\"id\":1,\"id\":2,\"text\":\"a\"}", "field 'id' stands twice");
    assertReason("{\"id\":1}", "field 'text' is missing");
    assertReason("{\"id\":1,\"text\":5}", "field 'text' is not a string");
    assertReason("{\"id\":1,\"text\":\" \\n\"}", "the text is empty");
    assertReason("{\"id\":1,\"text\":\"\\ud800\"}", "the text holds half a surrogate pair");
    assertReason("{\"id\":\"\\ud800\",\"text\":\"a\"}", "the id holds half a surrogate pair");
    assertReason(
        "{\"id\":1,\"text\":\"" + "a".repeat(600_000) + "\"}", "the text has 600000 bytes");
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    Line line = parser(JSONL).parse(new LineReader.Raw(3, new byte[] {'"', (byte) 0xC3}, false));
    assertThat(line)
        .isInstanceOfSatisfying(
            Line.Bad.class,
            bad -> {
              assertThat(bad.refusal().code()).isEqualTo("InvalidInput");
              assertThat(bad.refusal().reason()).isEqualTo("the line is not valid UTF-8");
            });
  }

  @Test
  void aPlainLineHasItsNumberAsId() {
    LineParser parser = parser(LineInput.of("in.txt", List.of("text")));
    assertThat(parser.parse(4, "hello"))
        .isEqualTo(new Line.Good(4, new Line.Id("4", true), List.of("hello"), 5, List.of()));
    assertThat(parser.parse(5, "")).isInstanceOf(Line.Bad.class);
  }

  @Test
  void readsCsvByItsHeader() {
    LineParser parser = parser(CSV);
    assertThat(parser.parse(1, "lang,id,text")).isNull();
    assertThat(parser.parse(2, "de,007,\"a, \"\"b\"\"\nc\""))
        .isEqualTo(
            new Line.Good(2, new Line.Id("007", false), List.of("a, \"b\"\nc"), 8, List.of("de")));
    assertThat(parser.parse(4, "")).isNull();
    assertThat(parser.parse(5, "de,8"))
        .isInstanceOfSatisfying(
            Line.Bad.class,
            bad ->
                assertThat(bad.refusal().reason())
                    .isEqualTo("the record has 2 fields, the header 3"));
    assertThat(parser.parse(6, "de,,x")).isInstanceOf(Line.Bad.class);
  }

  @Test
  void namesTheColumnsOfACsvWithoutTheOneAskedFor() {
    assertThatThrownBy(() -> parser(CSV).parse(1, "id,body,lang"))
        .isInstanceOf(InputUnusable.class)
        .hasMessage("the input has no column 'text'; its header names [id, body, lang]");
  }

  private static void assertReason(String content, String reason) {
    assertThat(json(content))
        .isInstanceOfSatisfying(
            Line.Bad.class, bad -> assertThat(bad.refusal().reason()).startsWith(reason));
  }

  private static @Nullable Line json(String content) {
    return parser(JSONL)
        .parse(new LineReader.Raw(7, content.getBytes(StandardCharsets.UTF_8), false));
  }

  private static LineParser parser(LineInput input) {
    return LineParser.of(input, List.of("text"));
  }
}
