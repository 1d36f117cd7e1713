package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.Emission.Sink;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.router.flight.WorkerAnswer;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.Topics;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes what settled requests took: one record for all that one inference has answered, as an
 * output of the settled flight, and one for each request that was settled without one.
 */
record UsageLog(Outbox outbox, Lane lane, Services services) {

  /**
   * The requests that were settled together.
   *
   * @param first id of the first of them
   * @param requests how many, 1 or more
   * @param joined how many of them joined a flight that was open
   */
  record Settled(RequestId first, long requests, long joined) {}

  /** Counts the requests that are settled together. */
  static final class Tally {
    private @Nullable RequestId first;
    private long requests;
    private long joined;

    void count(Waiter waiter) {
      requests++;
      joined += waiter.joined() ? 1 : 0;
      if (first == null || !waiter.joined()) {
        first = waiter.id();
      }
    }

    long requests() {
      return requests;
    }

    Optional<Settled> settled() {
      return Optional.ofNullable(first).map(id -> new Settled(id, requests, joined));
    }
  }

  /** The requests of a flight were answered. */
  void answered(Fingerprint key, Flight flight, WorkerAnswer answer, Settled settled) {
    if (!isOn()) {
      return;
    }
    UsageRecord.Builder usage = of(flight, settled, Verdict.ANSWERED);
    Provenance by = answer.provenance();
    usage
        .setModel(by.getModel())
        .setProvider(by.getProvider())
        .setLocation(by.getLocation())
        .setQueueMs(answer.timings().getQueueMs())
        .setExecutionMs(answer.timings().getExecutionMs());
    if (answer.usage() != null) {
      usage
          .setPromptTokens(answer.usage().getPromptTokens())
          .setCompletionTokens(answer.usage().getCompletionTokens())
          .setCost(cost(by, TokenUsage.ofWire(answer.usage())));
    }
    send(key.toKey(), usage);
  }

  /** The requests of a flight failed. */
  void failed(Fingerprint key, Flight flight, String code, Settled settled) {
    if (isOn()) {
      send(key.toKey(), of(flight, settled, code));
    }
  }

  /**
   * A request was settled by itself: refused, called back, expired, or answered from the cache.
   *
   * @param flight the flight that it left; null where it had none
   */
  void alone(
      RequestId id,
      Capability capability,
      Domain domain,
      String tenant,
      @Nullable Flight flight,
      Verdict verdict) {
    if (!isOn()) {
      return;
    }
    Settled settled = new Settled(id, 1, 0);
    UsageRecord.Builder usage =
        flight == null
            ? of(capability, domain, tenant, settled, verdict.outcome())
            : of(flight, settled, verdict.outcome());
    if (verdict instanceof Verdict.Success success) {
      Provenance by = success.answer().provenance();
      usage
          .setCached(true)
          .setModel(by.getModel())
          .setProvider(by.getProvider())
          .setLocation(by.getLocation());
    }
    send(id.toString().getBytes(StandardCharsets.US_ASCII), usage);
  }

  private boolean isOn() {
    return services.config().usage().lanes().contains(lane);
  }

  private UsageRecord.Builder of(Flight flight, Settled settled, String outcome) {
    PoolCandidate candidate = flight.candidate();
    Flight.Facts facts = flight.facts();
    return of(facts.capability(), facts.domain(), facts.tenant(), settled, outcome)
        .setGeneration(flight.generation())
        .setPool(candidate.pool())
        .setModel(candidate.model())
        .setAttempts(flight.state().attempt())
        .setFallbackFrom(flight.fallbackFrom());
  }

  private UsageRecord.Builder of(
      Capability capability, Domain domain, String tenant, Settled settled, String outcome) {
    return UsageRecord.newBuilder()
        .setRequestId(settled.first().toString())
        .setGeneration(0)
        .setRequests(Math.toIntExact(settled.requests()))
        .setJoined(Math.toIntExact(settled.joined()))
        .setCached(false)
        .setOutcome(outcome)
        .setDomain(domain.prefix())
        .setLane(lane.topicName())
        .setCapability(capability.topicName())
        .setTenant(tenant)
        .setPool("")
        .setModel("")
        .setProvider("")
        .setLocation(Location.LOCAL)
        .setAttempts(0)
        .setQueueMs(0)
        .setExecutionMs(0);
  }

  /** US dollars of an answer, where its worker has said a price. */
  private @Nullable Double cost(Provenance by, TokenUsage usage) {
    CatalogSnapshot.Worker worker = services.catalog().get().workers().get(by.getWorker());
    OptionalDouble cost =
        worker == null
            ? OptionalDouble.empty()
            : worker.models().stream()
                .filter(model -> model.id().equals(by.getModel()))
                .findFirst()
                .flatMap(CatalogSnapshot.Model::price)
                .map(price -> price.of(usage))
                .orElse(OptionalDouble.empty());
    return cost.isPresent() ? cost.getAsDouble() : null;
  }

  private void send(byte[] key, UsageRecord.Builder usage) {
    Headers headers = new RecordHeaders();
    services.codecs().describeUsage(headers);
    outbox.send(
        key,
        new Emission(
            Sink.USAGE, Topics.usage(), Emission.BY_KEY, services.codecs().usage(usage.build())),
        headers);
  }
}
