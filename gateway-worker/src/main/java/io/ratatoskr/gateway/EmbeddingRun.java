package io.ratatoskr.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.TokenUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The texts of a request, made vectors of in as few calls as the provider's limit allows. */
final class EmbeddingRun {
  private final ProviderClient client;
  private final List<String> texts;
  private final String model;
  private final int dimensions;
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
      int dimensions,
      Instant deadline,
      Optional<Trace> trace) {
    this.client = client;
    this.texts = List.copyOf(texts);
    this.model = model;
    this.dimensions = dimensions;
    this.deadline = deadline;
    this.trace = trace;
    this.items = new Item[texts.size()];
  }

  /** Asks, and returns when each text has its outcome or none will. Blocks; can be called once. */
  Outcome run() {
    ItemCalls parts = new ItemCalls(asked(), client.config().embeddings().textsPerCall());
    Outcome.Done done = new Outcome.Done(List.of(), "", "", 0);
    while (!parts.isEmpty()) {
      List<Integer> part = parts.next();
      switch (call(part)) {
        case EmbeddingOutcome.Embedded embedded -> {
          if (!done.spaceId().isEmpty() && !done.spaceId().equals(embedded.spaceId())) {
            return new Outcome.Failed(
                InferenceError.llm(
                    true, "Model " + model + " was replaced in the middle of a request."));
          }
          parts.answered();
          keep(part, embedded);
          done =
              new Outcome.Done(
                  List.of(), embedded.spaceId(), embedded.revision(), embedded.dimensions());
        }
        case EmbeddingOutcome.Failed failed when !ItemCalls.isOfItems(failed.error()) -> {
          return new Outcome.Failed(failed.error());
        }
        case EmbeddingOutcome.Failed failed -> {
          if (!parts.halve(part)) {
            part.forEach(index -> items[index] = new Item.Refused(failed.error()));
          }
        }
      }
    }
    return new Outcome.Done(
        Arrays.asList(items), done.spaceId(), done.revision(), done.dimensions());
  }

  /** The texts to ask about, by their places; an empty one has its outcome at once. */
  private List<Integer> asked() {
    List<Integer> asked = new ArrayList<>(texts.size());
    for (int i = 0; i < items.length; i++) {
      if (texts.get(i).isEmpty()) {
        items[i] = new Item.Refused(InferenceError.invalidInput("The text is empty."));
      } else {
        asked.add(i);
      }
    }
    return asked;
  }

  private EmbeddingOutcome call(List<Integer> part) {
    EmbeddingCall call =
        client.embedding(
            new EmbeddingInput(part.stream().map(texts::get).toList(), model, dimensions, deadline),
            trace);
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
