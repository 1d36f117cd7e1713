package io.ratatoskr.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model's own tokenizer, without the truncation and padding stored in its file: many files say
 * "cut at 128", which would lose the rest of longer texts in silence. The limit is the model's.
 *
 * <p>Safe for many threads: encoding only reads the native tokenizer.
 */
final class Tokenizer implements AutoCloseable {
  static {
    // DJL reports its use to its makers over HTTP unless it is told that there is no network.
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  private final HuggingFaceTokenizer tokenizer;
  private final Frame frame;
  private final int highestId;
  private final int padId;

  private Tokenizer(HuggingFaceTokenizer tokenizer, JsonNode file) {
    this.tokenizer = tokenizer;
    this.frame = frameOf(tokenizer.encode("a"));
    this.highestId = highestId(file);
    this.padId = file.path("padding").path("pad_id").asInt(padToken(file));
  }

  static Tokenizer load(Path path) {
    if (!Files.isReadable(path)) {
      throw new ModelLoadException(
          ModelLoadException.Reason.MISSING_FILE,
          "No readable tokenizer at %s: the model needs its tokenizer.json.".formatted(path));
    }
    try {
      JsonNode file = JsonMapper.shared().readTree(path);
      Map<String, String> options =
          Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");
      return new Tokenizer(HuggingFaceTokenizer.newInstance(path, options), file);
    } catch (IOException | RuntimeException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.TOKENIZER,
          "%s is no tokenizer in the Hugging Face format (tokenizer.json): %s"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  /** Encodes text with its special tokens, whole, whatever its length. */
  Encoded encode(String text) {
    Encoding encoding = tokenizer.encode(wellFormed(text));
    return Encoded.of(encoding.getIds(), encoding.getTypeIds());
  }

  /** Encodes a pair with its special tokens, whole, whatever its length. */
  TokenPair.Whole encode(TextPair pair) {
    Encoding encoding = tokenizer.encode(wellFormed(pair.premise()), wellFormed(pair.hypothesis()));
    long[] sequences = encoding.getSequenceIds();
    int[] sides = new int[sequences.length];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = Math.toIntExact(sequences[i]);
    }
    return new TokenPair.Whole(Encoded.of(encoding.getIds(), encoding.getTypeIds()), sides);
  }

  /** Encodes text without any special tokens around it. */
  Encoded content(String text) {
    Encoding encoding = tokenizer.encode(wellFormed(text), false, false);
    return Encoded.of(encoding.getIds(), encoding.getTypeIds());
  }

  /** Unpaired surrogates have no UTF-8 form: they become U+FFFD. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }

  Frame frame() {
    return frame;
  }

  /** The highest token id that any text can give. */
  int highestId() {
    return highestId;
  }

  /** What rows of a batch are filled up with. */
  int padId() {
    return padId;
  }

  private static Frame frameOf(Encoding probe) {
    long[] special = probe.getSpecialTokenMask();
    int lead = 0;
    while (lead < special.length && special[lead] == 1) {
      lead++;
    }
    int trail = 0;
    while (trail < special.length - lead && special[special.length - 1 - trail] == 1) {
      trail++;
    }
    return new Frame(lead, trail);
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
    tokenizer.close();
  }
}
