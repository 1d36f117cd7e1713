package io.ratatoskr.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes an Ollama server and asks for its models and what they can do, time and again, on a thread
 * of its own.
 */
public final class OllamaWatch implements AutoCloseable {
  /** Between two probes. */
  public static final Duration PROBE_EVERY = Duration.ofSeconds(30);

  /** Between two questions for its models. */
  public static final Duration DISCOVER_EVERY = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(OllamaWatch.class);

  private final OllamaServer server;
  private final String name;
  private final Duration probeEvery;
  private final long probesBetweenDiscoveries;
  private final Consumer<HealthState.Change> changes;
  private final Semaphore signals = new Semaphore(0);
  private volatile boolean stopped;
  private volatile HealthState state = HealthState.unknown();
  private volatile List<OllamaModel> models = List.of();

  private volatile Map<OllamaModel, OllamaDetails> details = Map.of();

  private OllamaWatch(
      ProviderClient client,
      Duration probeEvery,
      Duration discoverEvery,
      Consumer<HealthState.Change> changes) {
    server = new OllamaServer(client);
    name = client.config().name();
    this.probeEvery = probeEvery;
    this.probesBetweenDiscoveries = Math.max(1, discoverEvery.dividedBy(probeEvery));
    this.changes = changes;
  }

  /**
   * Begins to watch.
   *
   * @param client of a provider of type {@link ProviderType#OLLAMA}
   * @param changes told on the watch's thread
   */
  static OllamaWatch start(
      ProviderClient client,
      Duration probeEvery,
      Duration discoverEvery,
      Consumer<HealthState.Change> changes) {
    OllamaWatch watch = new OllamaWatch(client, probeEvery, discoverEvery, changes);
    Thread.ofVirtual().name("ollama-watch-" + watch.name).start(watch::run);
    return watch;
  }

  private void run() {
    try {
      for (long probe = 0; !stopped; probe++) {
        boolean recovered = probe();
        if (recovered || probe % probesBetweenDiscoveries == 0) {
          discover();
        }
        while (signals.tryAcquire(probeEvery.toMillis(), TimeUnit.MILLISECONDS) && !stopped) {
          signals.drainPermits();
          discover();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean probe() {
    HealthState before = state;
    HealthState now = before.after(answers());
    state = now;
    HealthState.Change change = now.since(before).orElse(null);
    if (change == null) {
      return false;
    }
    LOG.info("Ollama server {} is {}", name, change);
    changes.accept(change);
    return change == HealthState.Change.RECOVERED;
  }

  private boolean answers() {
    try {
      server.probe();
      return true;
    } catch (ProviderFailure e) {
      LOG.debug("probe of {} failed: {}", name, e.getMessage());
      return false;
    }
  }

  private void discover() {
    try {
      List<OllamaModel> pulled = server.models();
      Map<OllamaModel, OllamaDetails> shown = new HashMap<>();
      for (OllamaModel model : pulled) {
        OllamaDetails known = details.get(model);
        shown.put(model, known == null ? server.show(model.name()) : known);
      }
      details = shown;
      models = pulled;
    } catch (ProviderFailure e) {
      LOG.debug("models of {} are unknown: {}", name, e.getMessage());
    }
  }

  /** Has the server asked for its models again, soon. */
  void lookAgain() {
    signals.release();
  }

  /** How its probes went. */
  public HealthState health() {
    return state;
  }

  /** The models that it had when it was asked last; those of before while it does not answer. */
  public List<OllamaModel> models() {
    return models;
  }

  /** What one of its {@link #models()} can do. */
  OllamaDetails details(OllamaModel model) {
    return details.getOrDefault(model, OllamaDetails.UNKNOWN);
  }

  @Override
  public void close() {
    stopped = true;
    signals.release();
  }
}
