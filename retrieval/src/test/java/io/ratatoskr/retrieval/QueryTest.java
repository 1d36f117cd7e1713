package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A burn should be cooled with running water.",
        "  Yew is poisonous!  ",
        "12 grams of salt are enough.",
        "\"Put butter on a burn.\"",
        "(The museum is closed.)",
        "Isotopes decay.",
        "Übermut tut selten gut.",
        "松鼠在秋天把坚果埋进土里。",
        "Whatever helps is allowed."
      })
  void statements_areClaims(String text) {
    assertThat(new Query("q", text).isClaim()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is yew poisonous?",
        "What is the boiling point of water.",
        "what similarity laws must be obeyed when constructing aeroelastic models .",
        "papers on shock-sound wave interaction .",
        "yew poisonous cattle",
        "Yew",
        "how to find north at night without a compass",
        "Can the flow be calculated.",
        "\u00bfEs venenoso el tejo?",
        "松鼠为什么埋坚果？",
        "...",
        "\".\"",
        " ",
        ""
      })
  void questionsAndKeywords_areNone(String text) {
    assertThat(new Query("q", text).isClaim()).isFalse();
  }
}
