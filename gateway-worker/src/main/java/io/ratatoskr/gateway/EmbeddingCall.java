package io.ratatoskr.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;

/** One call of a provider for vectors, all texts in one batch. */
public final class EmbeddingCall {
  private static final String OPERATION = "embed";

  /** Most bytes of an answer: 256 vectors of 8,192 numbers as text. */
  private static final long ANSWER_BYTES = 64L << 20;

  private static final int SPACE_ID_BYTES = 8;

  private final ProviderClient client;
  private final EmbeddingInput input;
  private final Optional<Trace> trace;
  private final CallHandle handle;

  /** What the answer says before the revision of its model is known. */
  private record Read(List<float[]> vectors, String named, OptionalLong tokens) {}

  EmbeddingCall(ProviderClient client, EmbeddingInput input, Optional<Trace> trace) {
    this.client = client;
    this.input = input;
    this.trace = trace;
    this.handle = new CallHandle(client, input.deadline());
  }

  /** Asks, and returns when the vectors are there or cannot be had. Blocks; can be called once. */
  public EmbeddingOutcome run() {
    handle.begin();
    long start = System.nanoTime();
    try {
      Read read = read();
      client.metrics().embedded(input.model(), System.nanoTime() - start, read.tokens());
      String revision = client.revision(input.model(), read.named());
      return new EmbeddingOutcome.Embedded(
          read.vectors(), spaceId(revision, read.vectors().get(0).length), revision, read.tokens());
    } catch (IOException e) {
      InferenceError error = handle.error(e, false);
      client.metrics().failed(error.code().wireName());
      return new EmbeddingOutcome.Failed(error);
    } finally {
      handle.end();
    }
  }

  /** Ends the call at once, or before it begins. For any thread. */
  public void cancel() {
    handle.cancel();
  }

  private Read read() throws IOException {
    Provider.Embedding embedding =
        client
            .provider()
            .embedding()
            .orElseThrow(() ->
                new ProviderFailure(
                    InferenceError.unsupported(
                        "Provider %s makes no vectors; ask one of type openai or ollama."
                            .formatted(client.config().name()))));
    String body = embedding.dialect().body(input).toString();
    long guessed = TokenEstimate.ofBody(body);
    CallTag tag =
        new CallTag(OPERATION, input.model(), guessed, trace, input.deadline(), client.clock());
    try (Response response =
        handle.execute(client.http(embedding.path(), body, tag), input.model())) {
      Document answer = Document.parse(BoundedLines.whole(response.body().source(), ANSWER_BYTES));
      ErrorBody error = ErrorBody.of(answer).orElse(null);
      if (error != null) {
        throw new ProviderFailure(client.errors().within(error, input.model(), false));
      }
      Read read = embedded(answer, embedding.dialect());
      client.used(guessed, read.tokens());
      return read;
    }
  }

  private Read embedded(Document answer, EmbeddingDialect dialect) throws ProviderFailure {
    List<float[]> vectors = new ArrayList<>();
    for (Document vector : dialect.vectors(answer)) {
      vectors.add(numbers(vector.node(), vectors));
    }
    if (vectors.size() != input.texts().size()) {
      throw damaged(vectors.size() + " vectors for " + input.texts().size() + " texts");
    }
    int length = vectors.get(0).length;
    if (input.dimensions() > 0 && length != input.dimensions()) {
      throw new ProviderFailure(
          Unsupported.error(
              client.config(),
              input.model(),
              "dimensions",
              "its vectors have %d; leave dimensions out".formatted(length)));
    }
    return new Read(vectors, answer.text("model"), dialect.usage(answer).count(dialect.tokens()));
  }

  private float[] numbers(JsonNode vector, List<float[]> before) throws ProviderFailure {
    float[] numbers = new float[vector.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = vector.path(i);
      numbers[i] = number.isNumber() ? (float) number.doubleValue() : Float.NaN;
      if (!Float.isFinite(numbers[i])) {
        throw damaged("a vector with a component that is no finite number");
      }
    }
    if (numbers.length == 0 || (!before.isEmpty() && before.get(0).length != numbers.length)) {
      throw damaged("vectors of different lengths, or of none");
    }
    return numbers;
  }

  private ProviderFailure damaged(String what) {
    return new ProviderFailure(
        InferenceError.dataError(
            "Provider %s answered with %s.".formatted(client.config().name(), what)));
  }

  /**
   * 16 hex digits of a SHA-256 over what tells vectors apart from here: whose model it is, its name
   * and revision, and the length. Servers that are compatible with OpenAI count as one each, since
   * they serve what they like under any name.
   */
  private String spaceId(String revision, int dimensions) {
    ProviderConfig config = client.config();
    String whose =
        config.type() == ProviderType.OPENAI
                && OpenAiDialect.of(config.baseUrl()) == OpenAiDialect.COMPATIBLE
            ? config.name()
            : "";
    String parts =
        String.join(
            "\0",
            config.type().name(),
            whose,
            input.model(),
            revision,
            Integer.toString(dimensions));
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(parts.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, SPACE_ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
