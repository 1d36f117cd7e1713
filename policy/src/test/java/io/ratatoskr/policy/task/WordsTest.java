package io.ratatoskr.policy.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Don't stop, 'please' | don't stop please",
        "what’s up | what's up",
        "C++ and C# but x+y, a++b | c++ and c# but x y a b",
        "Node.js v1.5 | node js v1 5",
        "snake_case e-mail | snake_case e mail",
        "ΣΊΣΥΦΟΣ | σίσυφοσ",
        "用Python写 | 用 python 写",
        "ありがとう | あ り が と う",
        "नमस्ते दुनिया | नमस्ते दुनिया",
        "2 ∫ x👍y | 2 ∫ x 👍 y",
        "IŞIK istanbul İZMİR | işik istanbul izmir",
      })
  void areRunsOfLettersAndDigits(String text, String expected) {
    assertThat(String.join(" ", Words.of(text).texts())).isEqualTo(expected);
  }

  @Test
  void knowWhereSentencesBegin() {
    Words words = Words.of("It costs 1.5 euros at node.js. Why? Who");

    assertThat(words.at(words.lastSentence())).isEqualTo("who");
    assertThat(words.starts().stream().mapToObj(words::at)).containsExactly("it", "why", "who");
    assertThat(words.at(99)).isEmpty();
    assertThat(Words.of("").lastSentence()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "write a * function | write a function | 0 1 2",
        "write a * function | write a small pure function | 0 1 4",
        "write a * function | write a very small pure function | ''",
        "a * b * c | a x b y y c | 0 2 5",
        "step-by-step | Step by step | 0 1 2",
        "poem | poems | ''"
      })
  void areMatchedByPhrasesWithGaps(String phrase, String text, String places) {
    BitSet expected = new BitSet();
    if (!places.isEmpty()) {
      for (String place : places.split(" ", -1)) {
        expected.set(Integer.parseInt(place));
      }
    }

    assertThat(Phrase.of(phrase).at(Words.of(text), 0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* a | needs a word on both sides of its *",
        "a * | needs a word on both sides of its *",
        "a * * b | has one * behind another",
        "?! | has no word",
        "a b c d e f g h i | has more than 8 words"
      })
  void phrasesWithoutSenseAreRefused(String phrase, String problem) {
    assertThatThrownBy(() -> Phrase.of(phrase)).hasMessage(problem);
  }
}
