package io.ratatoskr.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a request, made vectors of in as few calls as the provider's limit allows. A call
 * that is refused because of what its texts are is made again with each half of them, until the
 * texts that are to blame stand alone: the others have their vectors.
 */
final class EmbeddingRun {
  /** Refused so often without a vector between, a provider refuses something else than texts. */
  private static final int MOST_REFUSALS = 16;

  private final ProviderClient client;
  private final List<String> texts;
  private final String model;
  private final Instant deadline;
  private final Optional<Trace> trace;
  private final Item[] items;
  private volatile boolean cancelled;
  private volatile @Nullable EmbeddingCall running;

  /** What became of one text. */
  sealed interface Item {

    /**
     * It has a vector.
     *
     * @param tokens its share of those that the provider counted; 0 where it counted none
     */
    record Embedded(
        @SuppressWarnings("ArrayRecordComponent") // Vectors are large; compared nowhere.
            float[] vector,
        int tokens)
        implements Item {}

    /** It has none. */
    record Refused(InferenceError error) implements Item {}
  }

  /** What became of all of them. */
  sealed interface Outcome {

    /**
     * Each has an outcome of its own.
     *
     * @param spaceId of all vectors; empty where there are none, as are the next two
     * @param revision of the model
     * @param dimensions length of every vector
     */
    record Done(List<Item> items, String spaceId, String revision, int dimensions)
        implements Outcome {
      public Done {
        items = List.copyOf(items);
      }

      /** The tokens of all items, where the provider counted them. */
      TokenUsage usage() {
        long tokens =
            items.stream()
                .mapToLong(item -> item instanceof Item.Embedded of ? of.tokens() : 0)
                .sum();
        return tokens == 0 ? TokenUsage.unknown() : TokenUsage.ofPrompt(tokens);
      }
    }

    /** None has a vector, for a reason that is none of theirs. */
    record Failed(InferenceError error) implements Outcome {}
  }

  EmbeddingRun(
      ProviderClient client,
      List<String> texts,
      String model,
      Instant deadline,
      Optional<Trace> trace) {
    this.client = client;
    this.texts = List.copyOf(texts);
    this.model = model;
    this.deadline = deadline;
    this.trace = trace;
    this.items = new Item[texts.size()];
  }

  /** Asks, and returns when each text has its outcome or none will. Blocks; can be called once. */
  Outcome run() {
    Deque<List<Integer>> parts = parts();
    Outcome.Done done = new Outcome.Done(List.of(), "", "", 0);
    int refusals = 0;
    while (!parts.isEmpty()) {
      List<Integer> part = parts.pop();
      switch (call(part)) {
        case EmbeddingOutcome.Embedded embedded -> {
          if (!done.spaceId().isEmpty() && !done.spaceId().equals(embedded.spaceId())) {
            return new Outcome.Failed(
                InferenceError.llm(
                    true, "Model " + model + " was replaced in the middle of a request."));
          }
          refusals = 0;
          keep(part, embedded);
          done =
              new Outcome.Done(
                  List.of(), embedded.spaceId(), embedded.revision(), embedded.dimensions());
        }
        case EmbeddingOutcome.Failed failed when !isOfTexts(failed.error()) -> {
          return new Outcome.Failed(failed.error());
        }
        case EmbeddingOutcome.Failed failed -> {
          refusals++;
          if (part.size() > 1 && refusals < MOST_REFUSALS) {
            int half = part.size() / 2;
            parts.push(part.subList(half, part.size()));
            parts.push(part.subList(0, half));
          } else {
            part.forEach(index -> items[index] = new Item.Refused(failed.error()));
          }
        }
      }
    }
    return new Outcome.Done(
        Arrays.asList(items), done.spaceId(), done.revision(), done.dimensions());
  }

  /** The texts of each call, by their places; an empty one has its outcome at once. */
  private Deque<List<Integer>> parts() {
    List<Integer> asked = new ArrayList<>(texts.size());
    for (int i = 0; i < items.length; i++) {
      if (texts.get(i).isEmpty()) {
        items[i] = new Item.Refused(InferenceError.invalidInput("The text is empty."));
      } else {
        asked.add(i);
      }
    }
    Deque<List<Integer>> parts = new ArrayDeque<>();
    int most = client.config().embeddings().textsPerCall();
    for (int from = 0; from < asked.size(); from += most) {
      parts.add(asked.subList(from, Math.min(from + most, asked.size())));
    }
    return parts;
  }

  private EmbeddingOutcome call(List<Integer> part) {
    EmbeddingCall call =
        client.embedding(
            new EmbeddingInput(part.stream().map(texts::get).toList(), model, deadline), trace);
    running = call;
    if (cancelled) {
      call.cancel();
    }
    try {
      return call.run();
    } finally {
      running = null;
    }
  }

  /** Whether other texts might be taken. */
  private static boolean isOfTexts(InferenceError error) {
    return switch (error.code()) {
      case INVALID_INPUT, CONTEXT_LENGTH_EXCEEDED, CONTENT_FILTERED -> true;
      default -> false;
    };
  }

  private void keep(List<Integer> part, EmbeddingOutcome.Embedded embedded) {
    List<Integer> tokens = shares(embedded.tokens(), part.stream().map(texts::get).toList());
    for (int i = 0; i < part.size(); i++) {
      items[part.get(i)] = new Item.Embedded(embedded.vectors().get(i), tokens.get(i));
    }
  }

  /**
   * The tokens of each text, of which the provider says only the sum: by their lengths in bytes, so
   * that they make the sum together.
   */
  static List<Integer> shares(OptionalLong sum, List<String> texts) {
    long tokens = Math.min(Integer.MAX_VALUE, sum.orElse(0));
    long bytes = texts.stream().mapToLong(text -> text.getBytes(UTF_8).length).sum();
    List<Integer> shares = new ArrayList<>(texts.size());
    long before = 0;
    long given = 0;
    for (String text : texts) {
      before += text.getBytes(UTF_8).length;
      long upTo = tokens * before / bytes;
      shares.add((int) (upTo - given));
      given = upTo;
    }
    return shares;
  }

  /** Ends the call under way and makes no further one. For any thread. */
  void cancel() {
    cancelled = true;
    EmbeddingCall call = running;
    if (call != null) {
      call.cancel();
    }
  }
}
