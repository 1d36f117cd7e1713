package io.ratatoskr.onnx;

import io.ratatoskr.tokenize.TokenIds;
import io.ratatoskr.tokenize.TokenizerJson;
import io.ratatoskr.tokenize.TokenizerLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A model's own {@link TokenizerJson}, as its graph takes the tokens. Safe for many threads. */
final class GraphTokenizer implements AutoCloseable {
  private final TokenizerJson tokenizer;
  private final Frame frame;

  private GraphTokenizer(TokenizerJson tokenizer) {
    this.tokenizer = tokenizer;
    this.frame = frameOf(tokenizer.encode("a"));
  }

  static GraphTokenizer load(Path path) {
    if (!Files.isReadable(path)) {
      throw new ModelLoadException(
          ModelLoadException.Reason.MISSING_FILE,
          "No readable tokenizer at %s: the model needs its tokenizer.json.".formatted(path));
    }
    try {
      return new GraphTokenizer(TokenizerJson.load(path));
    } catch (TokenizerLoadException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.TOKENIZER, String.valueOf(e.getMessage()), e);
    }
  }

  /** Encodes text with its special tokens, whole, whatever its length. */
  Encoded encode(String text) {
    return of(tokenizer.encode(text));
  }

  /** Encodes a pair with its special tokens, whole, whatever its length. */
  TokenPair.Whole encode(TextPair pair) {
    TokenIds whole = tokenizer.encode(pair.premise(), pair.hypothesis());
    return new TokenPair.Whole(
        of(whole), IntStream.range(0, whole.size()).map(whole::side).toArray());
  }

  /** Encodes text without any special tokens around it. */
  Encoded content(String text) {
    return of(tokenizer.encodePlain(text));
  }

  private static Encoded of(TokenIds tokens) {
    return Encoded.of(tokens.ids(), tokens.typeIds());
  }

  /** The special tokens around every text. */
  Frame frame() {
    return frame;
  }

  /** The highest token id that any text can give. */
  int highestId() {
    return tokenizer.highestId();
  }

  /** The token that the rows of a batch are filled up with. */
  int padId() {
    return tokenizer.padId();
  }

  /** Whether its own file says that rows are filled up on their left. */
  boolean padsLeft() {
    return tokenizer.padsLeft();
  }

  private static Frame frameOf(TokenIds probe) {
    int size = probe.size();
    int lead = 0;
    while (lead < size && probe.special(lead)) {
      lead++;
    }
    int trail = 0;
    while (trail < size - lead && probe.special(size - 1 - trail)) {
      trail++;
    }
    return new Frame(lead, trail);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
