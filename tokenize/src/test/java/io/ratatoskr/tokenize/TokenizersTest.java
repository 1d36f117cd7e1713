package io.ratatoskr.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizersTest {

  /** One token a character. */
  private static final class Letters implements Tokenizer, AutoCloseable {
    private boolean closed;

    @Override
    public int count(String text) {
      return text.length();
    }

    @Override
    public List<Token> tokenize(String text) {
      return IntStream.range(0, text.length())
          .mapToObj(i -> new Token(text.charAt(i), text.substring(i, i + 1), i, i + 1))
          .toList();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4, cl100k_base, false",
    "GPT-4-0613, cl100k_base, false",
    "gpt-3.5-turbo-16k, cl100k_base, false",
    "gpt-4o, o200k_base, false",
    "gpt-4o-mini-2024-07-18, o200k_base, false",
    "gpt-4.1-nano, o200k_base, false",
    "o1, o200k_base, false",
    "o3-mini, o200k_base, false",
    "openai/gpt-4o, o200k_base, false",
    "cl100k_base, cl100k_base, false",
    "claude-3-5-sonnet-latest, cl100k_base, true",
    "anthropic/claude-3-haiku, cl100k_base, true",
    "llama3.1:8b, o200k_base, true",
    "meta-llama/Llama-3.3-70B-Instruct, o200k_base, true",
    "meta-llama/Llama-2-7b-chat, cl100k_base, true",
    "mistral-large-latest, cl100k_base, true",
    "gemini-2.0-flash, o200k_base, true"
  })
  void of_modelNames_findTheirFamily(String model, String tokenizer, boolean approximate) {
    try (Tokenizers tokenizers = Tokenizers.standard()) {
      ModelTokenizer found = tokenizers.of(model);
      assertThat(found.name()).isEqualTo(tokenizer);
      assertThat(found.approximate()).isEqualTo(approximate);
      assertThat(found.approximation().isPresent()).isEqualTo(approximate);
    }
  }

  @Test
  void of_approximation_countsWithTheOneThatStandsIn() {
    try (Tokenizers tokenizers = Tokenizers.standard()) {
      String text = "A squirrel carries messages along the world tree.";
      assertThat(tokenizers.of("claude").count(text)).isEqualTo(tokenizers.of("gpt-4").count(text));
    }
  }

  @Test
  void of_unknownModel_namesWhatThereIs() {
    try (Tokenizers tokenizers = Tokenizers.standard()) {
      assertThatThrownBy(() -> tokenizers.of("no-such/model"))
          .isInstanceOf(UnknownTokenizerException.class)
          .hasMessageContainingAll("no-such/model", "claude", "gpt-4o", "tokenizer.json");
    }
  }

  @Test
  void of_severalNamesFit_takesTheExactOneThenTheLongest() {
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.register("a", Letters::new).register("a-b", Letters::new);
      tokenizers.alias("a-b-c", "a");
      assertThat(tokenizers.of("a-b-c").name()).isEqualTo("a");
      assertThat(tokenizers.of("a-b-d").name()).isEqualTo("a-b");
      assertThat(tokenizers.of("a-c").name()).isEqualTo("a");
      assertThat(tokenizers.names()).containsExactly("a", "a-b", "a-b-c");
    }
  }

  @Test
  void of_aliases_atMostSixteenSteps() {
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.register("n0", Letters::new);
      for (int i = 1; i <= 17; i++) {
        tokenizers.alias("n" + i, "n" + (i - 1));
      }
      assertThat(tokenizers.of("n16").name()).isEqualTo("n0");
      assertThatThrownBy(() -> tokenizers.of("n17"))
          .isInstanceOf(TokenizerAliasException.class)
          .hasMessageContaining("16");
    }
  }

  @Test
  void alias_thatLeadsBack_isRefusedAndChangesNothing() {
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.register("own", Letters::new).alias("one", "own").alias("two", "one");
      assertThatThrownBy(() -> tokenizers.alias("one", "two"))
          .isInstanceOf(TokenizerAliasException.class)
          .hasMessageContaining("one");
      assertThatThrownBy(() -> tokenizers.alias("self", "SELF"))
          .isInstanceOf(TokenizerAliasException.class);
      assertThat(tokenizers.of("two").name()).isEqualTo("own");
    }
  }

  @Test
  void of_aliasOfNothing_saysSo() {
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.alias("name", "missing");
      assertThatThrownBy(() -> tokenizers.of("name"))
          .isInstanceOf(TokenizerAliasException.class)
          .hasMessageContaining("missing");
    }
  }

  @Test
  void of_manyThreads_loadOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    try (Tokenizers tokenizers = Tokenizers.empty();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      tokenizers.register(
          "lazy",
          () -> {
            loads.incrementAndGet();
            return new Letters();
          });
      assertThat(loads).hasValue(0);
      List<Future<Integer>> counts =
          IntStream.range(0, 64)
              .mapToObj(_ -> threads.submit(() -> tokenizers.of("lazy-one").count("four")))
              .toList();
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isEqualTo(4);
      }
      assertThat(loads).hasValue(1);
    }
  }

  @Test
  void count_loaderThatFails_isTriedAgain() {
    AtomicInteger loads = new AtomicInteger();
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      tokenizers.register(
          "late",
          () -> {
            if (loads.incrementAndGet() == 1) {
              throw new TokenizerLoadException("not yet", null);
            }
            return new Letters();
          });
      ModelTokenizer late = tokenizers.of("late");
      assertThatThrownBy(() -> late.count("a")).isInstanceOf(TokenizerLoadException.class);
      assertThat(late.count("a")).isEqualTo(1);
    }
  }

  @Test
  void close_closesWhatWasLoadedAlsoWhatWasReplaced() {
    Letters replaced = new Letters();
    Letters kept = new Letters();
    Tokenizers tokenizers = Tokenizers.empty();
    tokenizers.register("one", () -> replaced);
    assertThat(tokenizers.of("one").count("ab")).isEqualTo(2);
    tokenizers.register("one", () -> kept);
    ModelTokenizer one = tokenizers.of("one");
    assertThat(one.count("ab")).isEqualTo(2);
    assertThat(replaced.closed).isFalse();
    tokenizers.close();
    assertThat(replaced.closed).isTrue();
    assertThat(kept.closed).isTrue();
    assertThatThrownBy(() -> one.count("ab")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void register_blankName_isRefused() {
    try (Tokenizers tokenizers = Tokenizers.empty()) {
      assertThatThrownBy(() -> tokenizers.register(" ", Letters::new))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
