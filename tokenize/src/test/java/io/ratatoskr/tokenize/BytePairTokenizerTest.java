package io.ratatoskr.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BytePairTokenizerTest {
  private static final BytePairTokenizer O200K = BytePairTokenizer.load(EncodingType.O200K_BASE);
  private static final BytePairTokenizer CL100K = BytePairTokenizer.load(EncodingType.CL100K_BASE);
  private static final BytePairTokenizer R50K = BytePairTokenizer.load(EncodingType.R50K_BASE);

  /** What OpenAI's tiktoken 0.12 gives with the same vocabularies. */
  record Golden(String text, List<Integer> o200k, List<Integer> cl100k) {}

  private static Stream<Golden> golden() {
    return Stream.of(
        new Golden("hello world", List.of(24912, 2375), List.of(15339, 1917)),
        new Golden(
            "don't WE'LL I'M",
            List.of(91418, 26919, 6, 7454, 3413, 44),
            List.of(15357, 956, 20255, 6, 4178, 358, 28703)),
        new Golden(
            "na\u00efve caf\u00e9 e\u0301 n\u0303",
            List.of(1503, 9954, 737, 30469, 319, 13430, 297, 52279),
            List.of(3458, 38672, 588, 53050, 384, 54939, 308, 136, 225)),
        new Golden(
            "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3002",
            List.of(9048, 40909, 3385, 16056, 18368, 38236, 788),
            List.of(9080, 22656, 45918, 252, 16144, 57933, 62903, 71634, 1811)),
        new Golden(
            "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66 family"
                + " \ud83c\udde9\ud83c\uddea \ud83d\udc4d\ud83c\udffd",
            List.of(
                28823, 102, 2524, 28823, 102, 2524, 28823, 100, 2524, 28823, 99, 3502, 173468, 102,
                55506, 103, 160433, 52622, 121),
            List.of(
                9468, 239, 102, 378, 235, 9468, 239, 102, 378, 235, 9468, 239, 100, 378, 235, 9468,
                239, 99, 3070, 11410, 229, 102, 9468, 229, 103, 62904, 235, 9468, 237, 121)),
        new Golden(
            " \t\n  x\r\n\r\n", List.of(43220, 220, 1215, 1414), List.of(17934, 220, 865, 881)),
        new Golden(
            "12345678901 3.14159",
            List.of(7633, 19354, 29338, 2290, 220, 18, 13, 16926, 4621),
            List.of(4513, 10961, 16474, 1721, 220, 18, 13, 9335, 2946)),
        new Golden(
            "\u00dcn\u00efc\u00f6d\u00e9 Stra\u00dfe \u0130stanbul",
            List.of(8858, 77, 191375, 43369, 377, 71184, 91992),
            List.of(53591, 77, 38672, 66, 3029, 67, 978, 27745, 24352, 39521, 46216)),
        new Golden(
            "\u0915\u093f\u0924\u093e\u092c \uc548\ub155\ud558\uc138\uc694"
                + " \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
            List.of(1016, 4971, 15063, 24497, 171731, 6152, 187986, 21883, 2293),
            List.of(
                65804, 43411, 97, 32511, 105, 96270, 75265, 243, 92245, 220, 36748, 38313, 24152,
                36748, 38133, 29419)),
        new Golden(
            "def f(x):\n    return x**2  # ok\n",
            List.of(1314, 285, 4061, 1883, 271, 622, 1215, 410, 17, 220, 1069, 4763, 198),
            List.of(755, 282, 2120, 997, 262, 471, 865, 334, 17, 220, 674, 5509, 198)),
        new Golden(
            "<|endoftext|>",
            List.of(27, 91, 419, 1440, 919, 91, 29),
            List.of(27, 91, 8862, 728, 428, 91, 29)));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void tokenize_textsOfManyScripts_areTheIdsOfTheReference(Golden golden) {
    assertThat(O200K.tokenize(golden.text()).stream().map(Token::id)).isEqualTo(golden.o200k());
    assertThat(CL100K.tokenize(golden.text()).stream().map(Token::id)).isEqualTo(golden.cl100k());
  }

  @Test
  void tokenize_emojiOfSeveralTokens_sharesItsBytesOut() {
    String text = "a\ud83e\udda0b";
    assertTiles(O200K, text);
    assertTiles(CL100K, text);
    assertThat(String.join("", CL100K.tokenize(text).stream().map(Token::text).toList()))
        .startsWith("a\ufffd")
        .endsWith("b");
  }

  @Test
  void count_nothing_isZero() {
    assertThat(O200K.count("")).isZero();
    assertThat(O200K.tokenize("")).isEmpty();
  }

  @Test
  void tokenize_loneSurrogate_isReadAsTheReplacementCharacter() {
    assertThat(O200K.tokenize("a\ud83eb")).isEqualTo(O200K.tokenize("a\ufffdb"));
    assertThat(O200K.count("\udc00")).isEqualTo(O200K.count("\ufffd"));
  }

  @Property(tries = 300)
  void tokenize_anyText_rangesAreTheWholeText(@ForAll("texts") String text) {
    for (BytePairTokenizer tokenizer : List.of(O200K, CL100K, R50K)) {
      assertTiles(tokenizer, text);
    }
  }

  private static void assertTiles(Tokenizer tokenizer, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<Token> tokens = tokenizer.tokenize(text);
    assertThat(tokens).hasSize(tokenizer.count(text));
    int at = 0;
    for (Token token : tokens) {
      assertThat(token.start()).isEqualTo(at);
      assertThat(token.end()).isGreaterThan(at);
      assertThat(token.text())
          .isEqualTo(
              new String(
                  Arrays.copyOfRange(utf8, token.start(), token.end()), StandardCharsets.UTF_8));
      at = token.end();
    }
    assertThat(at).isEqualTo(utf8.length);
  }

  @Provide
  static Arbitrary<String> texts() {
    return Texts.wellFormed();
  }
}
