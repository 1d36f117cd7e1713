package io.ratatoskr.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tokenizer in the Hugging Face format ({@code tokenizer.json}), without the truncation and
 * padding stored in the file: many files say "cut at 128", which would lose the rest of longer
 * texts in silence.
 *
 * <p>Special tokens that are written out in a text, such as {@code [SEP]}, are taken for what they
 * say: so these tokenizers work everywhere.
 *
 * <p>Safe for many threads: encoding only reads the native tokenizer. After {@link #close} every
 * call throws {@link IllegalStateException}.
 */
public final class TokenizerJson implements Tokenizer, AutoCloseable {
  static {
    // DJL reports its use to its makers over HTTP unless it is told that there is no network.
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  private static final Map<String, String> WHOLE =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

  private final HuggingFaceTokenizer tokenizer;
  private final TokenBytes bytes;
  private final int highestId;
  private final int padId;
  private final boolean padsLeft;

  /** The native tokenizer is freed when nobody is inside it. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private boolean closed;

  private TokenizerJson(HuggingFaceTokenizer tokenizer, JsonNode file) {
    this.tokenizer = tokenizer;
    this.bytes = TokenBytes.of(file);
    this.highestId = highestId(file);
    this.padId = file.path("padding").path("pad_id").asInt(padToken(file));
    this.padsLeft = file.path("padding").path("direction").asString("").equals("Left");
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws TokenizerLoadException when there is no such file or it is in another format
   */
  public static TokenizerJson load(Path path) {
    byte[] content;
    try {
      content = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new TokenizerLoadException("No readable tokenizer at %s: %s".formatted(path, e), e);
    }
    return parse(content, path.toString());
  }

  /**
   * Reads the content of a {@code tokenizer.json}.
   *
   * @param name what an error message calls it
   * @throws TokenizerLoadException when it is in another format
   */
  public static TokenizerJson parse(byte[] content, String name) {
    try {
      JsonNode file = JsonMapper.shared().readTree(content);
      return new TokenizerJson(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), WHOLE), file);
    } catch (IOException | RuntimeException e) {
      String why =
          e instanceof JacksonException json
              ? json.getOriginalMessage()
              : String.valueOf(e.getMessage());
      throw new TokenizerLoadException(
          "%s is no tokenizer in the Hugging Face format (tokenizer.json): %s".formatted(name, why),
          e);
    }
  }

  /** Encodes a text with the special tokens around it, whole, whatever its length. */
  public TokenIds encode(String text) {
    return new TokenIds(within(open -> open.encode(Utf8Text.wellFormed(text))));
  }

  /** Encodes a pair of texts as the model wants it, whole, whatever its length. */
  public TokenIds encode(String first, String second) {
    return new TokenIds(
        within(open -> open.encode(Utf8Text.wellFormed(first), Utf8Text.wellFormed(second))));
  }

  /** Encodes a text without special tokens around it. */
  public TokenIds encodePlain(String text) {
    return new TokenIds(plain(Utf8Text.wellFormed(text)));
  }

  @Override
  public int count(String text) {
    return plain(Utf8Text.wellFormed(text)).getIds().length;
  }

  @Override
  public List<Token> tokenize(String text) {
    String wellFormed = Utf8Text.wellFormed(text);
    Encoding encoding = plain(wellFormed);
    Utf8Text utf8 = new Utf8Text(wellFormed);
    Ranges ranges = Ranges.of(encoding.getCharTokenSpans(), bytes.of(encoding.getTokens()), utf8);
    long[] ids = encoding.getIds();
    List<Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      int start = ranges.start(i);
      int end = ranges.end(i);
      tokens.add(new Token((int) ids[i], utf8.slice(start, end), start, end));
    }
    return List.copyOf(tokens);
  }

  private Encoding plain(String wellFormed) {
    return within(open -> open.encode(wellFormed, false, false));
  }

  private <T> T within(Function<HuggingFaceTokenizer, T> call) {
    inUse.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("This tokenizer is closed.");
      }
      return call.apply(tokenizer);
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** The highest token id that any text can give. */
  public int highestId() {
    return highestId;
  }

  /** The token that the rows of a batch are filled up with. */
  public int padId() {
    return padId;
  }

  /** Whether the file says that rows of a batch are filled up on their left. */
  public boolean padsLeft() {
    return padsLeft;
  }

  private static int highestId(JsonNode file) {
    JsonNode vocabulary = file.path("model").path("vocab");
    int highest = vocabulary.isArray() ? vocabulary.size() - 1 : 0;
    for (Iterator<JsonNode> ids = vocabulary.iterator(); vocabulary.isObject() && ids.hasNext(); ) {
      highest = Math.max(highest, ids.next().asInt());
    }
    for (JsonNode token : file.path("added_tokens")) {
      highest = Math.max(highest, token.path("id").asInt());
    }
    return highest;
  }

  private static int padToken(JsonNode file) {
    for (JsonNode token : file.path("added_tokens")) {
      String content = token.path("content").asString("");
      if (content.equals("[PAD]") || content.equals("<pad>")) {
        return token.path("id").asInt();
      }
    }
    return 0;
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
