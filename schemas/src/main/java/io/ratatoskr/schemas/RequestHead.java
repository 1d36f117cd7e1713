package io.ratatoskr.schemas;

/**
 * The headers of a request that its key depends on. With the name of its topic this is all that the
 * router decides by; the payload is the worker's to read.
 *
 * @param requestId names the request; a second send with the same id is the same request
 * @param model id of the model that shall answer; empty where a preset is named
 * @param preset name under which the operator has configured who answers; empty where a model is
 *     named
 * @param stream whether the answer is wanted in parts too, as it is made
 * @param tenant label for accounting and fairness, 0 to 100 characters; no boundary of trust
 * @param dataPolicy where the data may go
 * @param cache how the request takes part in cache and joining
 * @param hints what its sender says about who shall answer
 */
public record RequestHead(
    RequestId requestId,
    String model,
    String preset,
    boolean stream,
    String tenant,
    DataPolicy dataPolicy,
    CacheMode cache,
    RoutingHints hints) {

  /** Most characters of the name of a model or preset. */
  public static final int LONGEST_NAME = 256;

  private static final int LONGEST_TENANT = 100;

  public RequestHead {
    if (model.isBlank() && preset.isBlank()) {
      throw new IllegalArgumentException(
          "header "
              + Envelope.MODEL
              + " is missing; name the model, or a preset in header "
              + Envelope.PRESET);
    }
    if (!model.isEmpty() && !preset.isEmpty()) {
      throw new IllegalArgumentException(
          Envelope.MODEL + " and " + Envelope.PRESET + ": name one of them, not both");
    }
    atMost(Envelope.MODEL, model, LONGEST_NAME);
    atMost(Envelope.PRESET, preset, LONGEST_NAME);
    atMost(Envelope.TENANT, tenant, LONGEST_TENANT);
  }

  /** A head without hints. */
  public RequestHead(
      RequestId requestId,
      String model,
      String preset,
      boolean stream,
      String tenant,
      DataPolicy dataPolicy,
      CacheMode cache) {
    this(requestId, model, preset, stream, tenant, dataPolicy, cache, RoutingHints.NONE);
  }

  private static void atMost(String name, String value, int characters) {
    if (value.length() > characters) {
      throw new IllegalArgumentException(name + ": at most " + characters + " characters");
    }
  }

  /** A request for a model, without tenant, local only, with an inference of its own. */
  public static RequestHead of(RequestId requestId, String model) {
    return new RequestHead(requestId, model, "", false, "", DataPolicy.LOCAL_ONLY, CacheMode.OFF);
  }

  /**
   * Whether one inference may answer this request together with equal ones: its sender wants that
   * and waits for it, and no stream is to be sent to it alone.
   */
  public boolean shares(Lane lane) {
    return lane == Lane.INTERACTIVE && cache != CacheMode.OFF && !stream;
  }
}
