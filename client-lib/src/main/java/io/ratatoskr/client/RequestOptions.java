package io.ratatoskr.client;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
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
 */
public record RequestOptions(
    Duration timeout,
    Lane lane,
    CacheMode cache,
    DataPolicy dataPolicy,
    String tenant,
    Optional<JobEpoch> job,
    Optional<String> traceparent,
    OnClientLoss onClientLoss) {

  private static final RequestOptions DEFAULTS =
      new RequestOptions(
          Duration.ofSeconds(30),
          Lane.INTERACTIVE,
          CacheMode.OFF,
          DataPolicy.LOCAL_ONLY,
          "",
          Optional.empty(),
          Optional.empty(),
          OnClientLoss.CONTINUE);

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
        newTimeout, lane, cache, dataPolicy, tenant, job, traceparent, onClientLoss);
  }

  public RequestOptions withLane(Lane newLane) {
    return new RequestOptions(
        timeout, newLane, cache, dataPolicy, tenant, job, traceparent, onClientLoss);
  }

  public RequestOptions withCache(CacheMode newCache) {
    return new RequestOptions(
        timeout, lane, newCache, dataPolicy, tenant, job, traceparent, onClientLoss);
  }

  public RequestOptions withDataPolicy(DataPolicy newDataPolicy) {
    return new RequestOptions(
        timeout, lane, cache, newDataPolicy, tenant, job, traceparent, onClientLoss);
  }

  public RequestOptions withTenant(String newTenant) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, newTenant, job, traceparent, onClientLoss);
  }

  public RequestOptions withJob(JobEpoch newJob) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, tenant, Optional.of(newJob), traceparent, onClientLoss);
  }

  public RequestOptions withTraceparent(String newTraceparent) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, tenant, job, Optional.of(newTraceparent), onClientLoss);
  }

  public RequestOptions withOnClientLoss(OnClientLoss newOnClientLoss) {
    return new RequestOptions(
        timeout, lane, cache, dataPolicy, tenant, job, traceparent, newOnClientLoss);
  }
}
