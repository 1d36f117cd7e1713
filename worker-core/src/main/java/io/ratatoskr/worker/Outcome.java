package io.ratatoskr.worker;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.TokenUsage;

/** The outcome of one attempt. */
public sealed interface Outcome {

  /**
   * The inference succeeded, at least for some of its items.
   *
   * @param payload the reply record of the capability
   * @param answerer who gave it
   * @param usage the tokens that it took, as far as they were counted
   * @param firstTokenMs milliseconds until the first piece of a streamed answer; 0 where it is not
   *     known
   */
  record Answered(
      @SuppressWarnings("ArrayRecordComponent") // One copy fewer; compared nowhere.
          byte[] payload,
      Answerer answerer,
      TokenUsage usage,
      long firstTokenMs)
      implements Outcome {

    /** An answer that was not streamed. */
    public Answered(byte[] payload, Answerer answerer, TokenUsage usage) {
      this(payload, answerer, usage, 0);
    }

    /** An answer whose tokens nobody counted. */
    public Answered(byte[] payload, Answerer answerer) {
      this(payload, answerer, TokenUsage.unknown(), 0);
    }

    /** The same, with the milliseconds until its first piece. */
    Answered firstAfter(long ms) {
      return new Answered(payload, answerer, usage, ms);
    }
  }

  /** The attempt failed in a way that another one may not; the error may say when to make it. */
  record Retryable(InferenceError error) implements Outcome {}

  /** The request cannot succeed here. */
  record Rejected(InferenceError error) implements Outcome {}

  /** The model is being loaded; costs no attempt. */
  record Loading(String model) implements Outcome {}

  /**
   * The provider and the model that gave an answer.
   *
   * @param provider engine or provider, such as {@code onnx}
   * @param model id of the model
   * @param revision revision of the model's content; empty where there is none
   * @param remote whether the data left this deployment's machines
   * @param llm whether it is a language model that was asked by a prompt for what other models are
   *     made for
   */
  record Answerer(String provider, String model, String revision, boolean remote, boolean llm) {

    /** A model that is made for what it was asked. */
    public Answerer(String provider, String model, String revision, boolean remote) {
      this(provider, model, revision, remote, false);
    }

    /** The same, asked by a prompt. */
    public Answerer byPrompt() {
      return new Answerer(provider, model, revision, remote, true);
    }
  }
}
