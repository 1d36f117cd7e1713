package io.ratatoskr.tokenize;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts that tokenizers get wrong. */
final class Texts {
  private static final String[] PIECES = {
    "the",
    "The",
    "THE",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "'s",
    "'LL",
    "123",
    "4",
    ".",
    "...",
    "//",
    "\u00e9",
    "e\u0301",
    "\u0130",
    "\u00df",
    "\u65e5\u672c",
    "\u3002",
    "\uc548\ub155",
    "\u0e2a\u0e27",
    "\u0915\u093f",
    "\u0627\u0644",
    "\u05e9\u05dc",
    "\u200d",
    "\ufe0f",
    "\u00a0",
    "\u2028",
    "\u0000",
    "\ufffd",
    "\ud83d\udc69\u200d\ud83d\udc67",
    "\ud83c\udde9\ud83c\uddea",
    "\ud83d\udc4d\ud83c\udffd",
    "\ud83e\udda0",
    "\ud835\udd38",
    "<|endoftext|>",
    "[SEP]",
    "\u2581",
    "<0xF0>"
  };

  private Texts() {}

  static Arbitrary<String> wellFormed() {
    Arbitrary<String> known = Arbitraries.of(PIECES);
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
            .map(Character::toString);
    return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, known), net.jqwik.api.Tuple.of(1, any))
        .list()
        .ofMaxSize(40)
        .map(pieces -> String.join("", pieces));
  }
}
