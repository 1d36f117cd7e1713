package io.ratatoskr.schemas.chat;

/** Whether the model calls tools, or which it must call. */
public sealed interface ToolChoice {

  /** As the model finds right. */
  record Auto() implements ToolChoice {}

  /** It must not. */
  record None() implements ToolChoice {}

  /** It must call one at least. */
  record Required() implements ToolChoice {}

  /**
   * It must call this one.
   *
   * @param name of a tool of the request
   */
  record Named(String name) implements ToolChoice {
    public Named {
      JsonText.name("tool choice", name);
    }
  }

  /** {@link Auto}. */
  static ToolChoice auto() {
    return new Auto();
  }
}
