package io.ratatoskr.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TokenizerJsonIT {
  private static final TokenizerJson BERT = bert();
  private static final TokenizerJson BYTE_LEVEL = byteLevel(false);
  private static final TokenizerJson BYTE_LEVEL_WITH_PREFIX = byteLevel(true);
  private static final TokenizerJson SENTENCE_PIECE = sentencePiece();

  @Test
  void tokenize_wordPiece_pointsIntoTheTextAsItWas() {
    // Case and accents are removed before the vocabulary is asked.
    String text = "Caf\u00e9s e\u0301\u65e5\u672c \ud83d\udc69x";
    assertThat(BERT.tokenize(text))
        .extracting(Token::text, Token::start, Token::end)
        .containsExactly(
            tuple("Caf\u00e9s", 0, 6),
            tuple("e", 7, 8),
            tuple("\u65e5", 10, 13),
            tuple("\u672c", 13, 16),
            tuple("\ud83d\udc69x", 17, 22));
    assertNested(BERT, text);
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  @Test
  void count_longText_isWholeWithoutSpecialTokens() {
    // The file's own truncation would cut at 128.
    String text = "word ".repeat(1_000);
    assertThat(BERT.count(text)).isEqualTo(1_000);
    assertThat(BERT.encode(text).ids()).hasSize(1_002);
    assertThat(BERT.encodePlain(text).size()).isEqualTo(1_000);
  }

  @Test
  void encode_pair_tellsTheTextsApart() {
    TokenIds pair = BERT.encode("one two", "three");
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
    assertThat(IntStream.range(0, pair.size()).map(pair::side))
        .containsExactly(-1, 0, 0, -1, 1, -1);
    assertThat(IntStream.range(0, pair.size()).filter(pair::special)).containsExactly(0, 3, 5);
  }

  @Test
  void tokenize_byteLevel_sharesTheBytesOfACharacterOut() {
    String text = "hi \ud83d\udc69";
    assertThat(BYTE_LEVEL.tokenize(text))
        .extracting(Token::text, Token::start, Token::end)
        .containsExactly(
            tuple("hi", 0, 2),
            tuple(" ", 2, 3),
            tuple("\ufffd", 3, 4),
            tuple("\ufffd", 4, 5),
            tuple("\ufffd", 5, 6),
            tuple("\ufffd", 6, 7));
    assertThat(BYTE_LEVEL_WITH_PREFIX.tokenize("\ud83d\udc69"))
        .extracting(Token::start, Token::end)
        .containsExactly(tuple(0, 0), tuple(0, 1), tuple(1, 2), tuple(2, 3), tuple(3, 4));
  }

  @Test
  void tokenize_bytesOfSentencePiece_shareACharacterOut() {
    assertThat(SENTENCE_PIECE.tokenize("a\ud83d\udc69 a"))
        .extracting(Token::text, Token::start, Token::end)
        .contains(
            tuple("\ufffd", 1, 2),
            tuple("\ufffd", 2, 3),
            tuple("\ufffd", 3, 4),
            tuple("\ufffd", 4, 5));
  }

  @Test
  void tokenize_loneSurrogate_isReadAsTheReplacementCharacter() {
    assertThat(BYTE_LEVEL.tokenize("a\ud83eb")).isEqualTo(BYTE_LEVEL.tokenize("a\ufffdb"));
    assertThat(BERT.tokenize("a\udc00b")).isEqualTo(BERT.tokenize("a\ufffdb"));
  }

  @Property(tries = 200)
  void tokenize_anyText_byteLevelRangesAreTheWholeText(@ForAll("texts") String text) {
    int at = 0;
    for (Token token : BYTE_LEVEL.tokenize(text)) {
      assertThat(token.start()).isEqualTo(at);
      at = token.end();
    }
    assertThat(at).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Property(tries = 200)
  void tokenize_anyText_rangesNest(@ForAll("texts") String text) {
    for (TokenizerJson tokenizer : List.of(BERT, BYTE_LEVEL_WITH_PREFIX, SENTENCE_PIECE)) {
      assertNested(tokenizer, text);
    }
  }

  /** Ranges never go back, lie in the text, and show what they cover. */
  private static void assertNested(Tokenizer tokenizer, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<Token> tokens = tokenizer.tokenize(text);
    assertThat(tokens).hasSize(tokenizer.count(text));
    int start = 0;
    int end = 0;
    for (Token token : tokens) {
      assertThat(token.start()).isBetween(start, utf8.length);
      assertThat(token.end()).isBetween(end, utf8.length);
      assertThat(token.text())
          .isEqualTo(
              new String(utf8, token.start(), token.end() - token.start(), StandardCharsets.UTF_8));
      start = token.start();
      end = token.end();
    }
  }

  @Provide
  static Arbitrary<String> texts() {
    return Texts.wellFormed();
  }

  @Test
  void parse_somethingElse_saysWhat() {
    assertThatThrownBy(
            () -> TokenizerJson.parse("{\"a\": 1}".getBytes(StandardCharsets.UTF_8), "x"))
        .isInstanceOf(TokenizerLoadException.class)
        .hasMessageContaining("x is no tokenizer");
    assertThatThrownBy(() -> TokenizerJson.parse("not json".getBytes(StandardCharsets.UTF_8), "y"))
        .isInstanceOf(TokenizerLoadException.class)
        .hasMessageContaining("y is no tokenizer");
  }

  @Test
  void load_noFile_namesIt(@TempDir Path folder) {
    assertThatThrownBy(() -> TokenizerJson.load(folder.resolve("tokenizer.json")))
        .isInstanceOf(TokenizerLoadException.class)
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void count_closed_isRefused() {
    TokenizerJson tokenizer = byteLevel(false);
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.count("a")).isInstanceOf(IllegalStateException.class);
  }

  private static TokenizerJson bert() {
    try (InputStream in =
        Objects.requireNonNull(
            TokenizerJsonIT.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json"))) {
      return TokenizerJson.parse(in.readAllBytes(), "all-minilm-l6-v2-q");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Every byte is a token, and "hi" is one. */
  private static TokenizerJson byteLevel(boolean spaceBefore) {
    ObjectNode file = JsonMapper.shared().createObjectNode();
    ObjectNode preTokenizer = file.putObject("pre_tokenizer");
    preTokenizer.put("type", "ByteLevel");
    preTokenizer.put("add_prefix_space", spaceBefore).put("trim_offsets", false);
    preTokenizer.put("use_regex", true);
    ObjectNode model = file.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int i = 0, substitute = 0x100; i < 0x100; i++) {
      boolean printable = (i >= 33 && i <= 126) || (i >= 161 && i != 173);
      vocabulary.put(Character.toString(printable ? i : substitute++), i);
    }
    vocabulary.put("hi", 256);
    model.putArray("merges").add("h i");
    return parsed(file);
  }

  /** Knows a, ▁ and the bytes. */
  private static TokenizerJson sentencePiece() {
    ObjectNode file = JsonMapper.shared().createObjectNode();
    ObjectNode normalizer = file.putObject("normalizer").put("type", "Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    steps.addObject().put("type", "Prepend").put("prepend", "\u2581");
    ObjectNode replace = steps.addObject().put("type", "Replace");
    replace.putObject("pattern").put("String", " ");
    replace.put("content", "\u2581");
    ObjectNode model = file.putObject("model").put("type", "BPE");
    model.put("unk_token", "<unk>").put("fuse_unk", true).put("byte_fallback", true);
    ObjectNode vocabulary = model.putObject("vocab").put("<unk>", 0);
    for (int i = 0; i < 0x100; i++) {
      vocabulary.put("<0x%02X>".formatted(i), i + 1);
    }
    vocabulary.put("a", 257).put("\u2581", 258).put("\u2581a", 259);
    model.putArray("merges").add("\u2581 a");
    return parsed(file);
  }

  private static TokenizerJson parsed(ObjectNode file) {
    return TokenizerJson.parse(JsonMapper.shared().writeValueAsBytes(file), "made for a test");
  }
}
