package io.ratatoskr.tokenize;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts texts by one of OpenAI's byte-pair encodings. Its tokens are strings of bytes, so their
 * ranges lie one behind the other and make up the whole text. Special tokens that stand in a text,
 * such as {@code <|endoftext|>}, are read as the characters they are written with.
 */
final class BytePairTokenizer implements Tokenizer {
  /** Reads an encoding's vocabulary when it is first asked for. */
  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private final Encoding encoding;

  private BytePairTokenizer(Encoding encoding) {
    this.encoding = encoding;
  }

  static BytePairTokenizer load(EncodingType type) {
    return new BytePairTokenizer(ENCODINGS.getEncoding(type));
  }

  @Override
  public int count(String text) {
    return encoding.countTokensOrdinary(Utf8Text.wellFormed(text));
  }

  @Override
  public List<Token> tokenize(String text) {
    String wellFormed = Utf8Text.wellFormed(text);
    Utf8Text utf8 = new Utf8Text(wellFormed);
    int[] ids = encoding.encodeOrdinary(wellFormed).toArray();
    List<Token> tokens = new ArrayList<>(ids.length);
    IntArrayList one = new IntArrayList(1);
    one.add(0);
    int start = 0;
    for (int id : ids) {
      one.set(0, id);
      int end = start + encoding.decodeBytes(one).length;
      tokens.add(new Token(id, utf8.slice(start, end), start, end));
      start = end;
    }
    return List.copyOf(tokens);
  }
}
