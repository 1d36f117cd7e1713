package io.ratatoskr.schemas;

/**
 * What a request's sender says about who shall answer it, beside model or preset. Each is empty
 * where nothing is said.
 *
 * @param provider pool that alone may answer; no other is asked in its place
 * @param taskClass class of the task, such as {@code code-generation}, where {@code auto} chooses
 *     the model; else it is found from the prompt
 * @param conversation id of the conversation that it belongs to; requests of one conversation go to
 *     the same of equally good candidates, whose caches know it
 */
public record RoutingHints(String provider, String taskClass, String conversation) {

  /** Nothing said. */
  public static final RoutingHints NONE = new RoutingHints("", "", "");

  private static final int LONGEST = 256;

  public RoutingHints {
    atMost(Envelope.PROVIDER, provider);
    atMost(Envelope.TASK_CLASS, taskClass);
    atMost(Envelope.CONVERSATION, conversation);
  }

  private static void atMost(String name, String value) {
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException(name + ": at most " + LONGEST + " characters");
    }
  }

  public RoutingHints withProvider(String pool) {
    return new RoutingHints(pool, taskClass, conversation);
  }

  public RoutingHints withTaskClass(String name) {
    return new RoutingHints(provider, name, conversation);
  }

  public RoutingHints withConversation(String id) {
    return new RoutingHints(provider, taskClass, id);
  }
}
