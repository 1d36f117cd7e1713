package io.ratatoskr.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes pairs as the model's own tokenizer does. Texts are encoded one by one and joined where
 * that is found to give the same tokens, so that a text which stands in many pairs is encoded once;
 * else each pair is encoded whole.
 */
final class PairEncoder {
  private static final Logger log = LoggerFactory.getLogger(PairEncoder.class);

  /** Pairs on which joining is compared with the tokenizer's own encoding. */
  private static final List<TextPair> PROBES =
      List.of(
          new TextPair("a", "b"),
          new TextPair("A fox runs, isn't it?", "12.5 % of\tthem"),
          new TextPair(" spaces before", "and after "),
          new TextPair("na\u00efve 松鼠 \ud83d\udc3f", "e\u0301 [SEP] </s>"));

  private final GraphTokenizer tokenizer;
  private final Optional<PairFrame> frame;
  private final TokenPair.Whole probe;

  private PairEncoder(GraphTokenizer tokenizer, Optional<PairFrame> frame, TokenPair.Whole probe) {
    this.tokenizer = tokenizer;
    this.frame = frame;
    this.probe = probe;
  }

  static PairEncoder of(GraphTokenizer tokenizer) {
    TokenPair.Whole probe = tokenizer.encode(PROBES.getFirst());
    Optional<PairFrame> frame =
        PairFrame.of(probe)
            .filter(
                learnt -> PROBES.stream().allMatch(pair -> joinsAlike(tokenizer, learnt, pair)));
    if (frame.isEmpty()) {
      log.info("This tokenizer encodes pairs unlike their texts one by one: each is encoded whole");
    }
    return new PairEncoder(tokenizer, frame, probe);
  }

  private static boolean joinsAlike(GraphTokenizer tokenizer, PairFrame frame, TextPair pair) {
    Encoded premise = tokenizer.content(pair.premise());
    Encoded hypothesis = tokenizer.content(pair.hypothesis());
    return frame
        .join(premise, premise.length(), hypothesis, hypothesis.length())
        .sameTokens(tokenizer.encode(pair).all());
  }

  /** An ordinary pair, encoded. */
  Encoded probe() {
    return probe.all();
  }

  /** Special tokens of every pair. */
  int specialTokens() {
    return probe.special();
  }

  /** Whether texts are encoded one by one. */
  boolean apart() {
    return frame.isPresent();
  }

  /**
   * The tokens of a pair.
   *
   * @param sides texts that have been encoded already; added to
   */
  TokenPair encode(TextPair pair, Map<String, Encoded> sides) {
    if (frame.isEmpty()) {
      return tokenizer.encode(pair);
    }
    return new TokenPair.Apart(
        frame.get(),
        sides.computeIfAbsent(pair.premise(), tokenizer::content),
        sides.computeIfAbsent(pair.hypothesis(), tokenizer::content));
  }
}
