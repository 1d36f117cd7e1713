package io.ratatoskr.worker;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Topics.RequestTopic;
import io.ratatoskr.schemas.wire.WorkItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The work that nobody wants any more, as far as the router has said. The oldest is forgotten where
 * there is too much of it: then it is run in vain. Thread-safe.
 */
final class Aborts {
  private static final int MOST_FLIGHTS = 100_000;
  private static final int MOST_JOBS = 10_000;

  private record FlightKey(Lane lane, Fingerprint fingerprint, int generation) {}

  private record JobKey(Lane lane, Domain domain, String job) {}

  private final Map<FlightKey, Integer> flights = bounded(MOST_FLIGHTS);
  private final Map<JobKey, Long> jobs = bounded(MOST_JOBS);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** Attempts at a flight are not wanted, up to that one. */
  void flight(Lane lane, Fingerprint fingerprint, int generation, int attempt) {
    synchronized (this) {
      flights.merge(new FlightKey(lane, fingerprint, generation), attempt, Math::max);
    }
    listeners.forEach(Runnable::run);
  }

  /** The work of a job is not wanted, up to that run. */
  void job(Lane lane, Domain domain, JobEpoch job) {
    synchronized (this) {
      jobs.merge(new JobKey(lane, domain, job.job()), job.epoch(), Math::max);
    }
    listeners.forEach(Runnable::run);
  }

  /** Calls back whenever there is more. */
  void listen(Runnable listener) {
    listeners.add(listener);
  }

  /** Whether nobody wants the outcome of a delivery. */
  synchronized boolean covers(Delivery delivery) {
    if (flights.isEmpty() && jobs.isEmpty()) {
      return false;
    }
    WorkItem item = delivery.item();
    Fingerprint fingerprint = Fingerprint.ofKey(delivery.record().key());
    Integer attempt =
        flights.get(new FlightKey(delivery.lane(), fingerprint, item.getGeneration()));
    return (attempt != null && attempt >= item.getAttempt()) || coversJobOf(delivery);
  }

  private boolean coversJobOf(Delivery delivery) {
    WorkItem item = delivery.item();
    if (item.getJob() == null) {
      return false;
    }
    return RequestTopic.parse(item.getSource().getTopic())
        .map(topic -> jobs.get(new JobKey(delivery.lane(), topic.domain(), item.getJob())))
        .filter(epoch -> epoch >= item.getJobEpoch())
        .isPresent();
  }
}
