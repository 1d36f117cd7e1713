package io.ratatoskr.client;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RoutingHints;
import java.time.Duration;
import java.util.Optional;

/**
 * The options that a request travels with.
 *
 * @param timeout from the call until the caller stops waiting, the wait for room in flight included
 * @param lane interactive, or bulk for work that may wait
 * @param cache part in cache and joining; only the interactive lane has them
 * @param dataPolicy where the data may go
 * @param tenant label for accounting, at most 100 characters
 * @param job the run of a job that it belongs to, if any
 * @param traceparent W3C trace context, if any
 * @param onClientLoss what becomes of it when its client is lost
 * @param hints what is said about who shall answer, beside the model
 */
public record RequestOptions(
    Duration timeout,
    Lane lane,
    CacheMode cache,
    DataPolicy dataPolicy,
    String tenant,
    Optional<JobEpoch> job,
    Optional<String> traceparent,
    OnClientLoss onClientLoss,
    RoutingHints hints) {

  private static final RequestOptions DEFAULTS =
      new RequestOptions(
          Duration.ofSeconds(30),
          Lane.INTERACTIVE,
          CacheMode.OFF,
          DataPolicy.LOCAL_ONLY,
          "",
          Optional.empty(),
          Optional.empty(),
          OnClientLoss.CONTINUE,
          RoutingHints.NONE);

  public RequestOptions {
    if (timeout.isNegative() || timeout.toMillis() == 0) {
      throw new IllegalArgumentException("timeout: must be positive, is " + timeout);
    }
    if (tenant.length() > 100) {
      throw new IllegalArgumentException("tenant: at most 100 characters");
    }
  }

  /** Interactive, 30 s, no cache, local only, no tenant. */
  public static RequestOptions defaults() {
    return DEFAULTS;
  }

  public RequestOptions withTimeout(Duration newTimeout) {
    return new RequestOptions(
        newTimeout, lane, cache, dataPolicy, tenant, job, traceparent, onClientLoss, hints);
  }

  public RequestOptions withLane(Lane newLane) {
    return new RequestOptions(
        timeout, newLane, cache, dataPolicy, tenant, job, traceparent, onClientLoss, hints);
  }

  public RequestOptions withCache(CacheMode newCache) {
    return new RequestOptions(
        timeout, lane, newCache, dataPolicy, tenant, job, traceparent, onClientLoss, hints);
  }

  public RequestOptions withDataPolicy(DataPolicy newDataPolicy) {
    return new RequestOptions(
        timeout, lane, cache, newDataPolicy, tenant, job, traceparent, onClientLoss, hints);
  }

  public RequestOptions withTenant(String newTenant) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, newTenant, job, traceparent, onClientLoss, hints);
  }

  public RequestOptions withJob(JobEpoch newJob) {
    return new RequestOptions(
        timeout,
        lane,
        cache,
        dataPolicy,
        tenant,
        Optional.of(newJob),
        traceparent,
        onClientLoss,
        hints);
  }

  public RequestOptions withTraceparent(String newTraceparent) {
    return new RequestOptions(
        timeout,
        lane,
        cache,
        dataPolicy,
        tenant,
        job,
        Optional.of(newTraceparent),
        onClientLoss,
        hints);
  }

  public RequestOptions withOnClientLoss(OnClientLoss newOnClientLoss) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, tenant, job, traceparent, newOnClientLoss, hints);
  }

  /** This request for one pool alone; no other is asked in its place. */
  public RequestOptions withProvider(String pool) {
    return withHints(hints.withProvider(pool));
  }

  /** This request with the class of its task, by which {@code auto} chooses the model. */
  public RequestOptions withTaskClass(String name) {
    return withHints(hints.withTaskClass(name));
  }

  /** This request in a conversation, whose requests go to the same of equally good candidates. */
  public RequestOptions withConversation(String id) {
    return withHints(hints.withConversation(id));
  }

  private RequestOptions withHints(RoutingHints newHints) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, tenant, job, traceparent, onClientLoss, newHints);
  }
}
