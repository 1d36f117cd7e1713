package io.ratatoskr.router;

import io.ratatoskr.catalog.CatalogSnapshot;
import io.ratatoskr.catalog.Circuit;
import io.ratatoskr.catalog.ModelOfPool;
import io.ratatoskr.catalog.Standing;
import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.FlightStore.Alarm;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Event.AlarmFired;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Sweep;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Finds the due alarms of a task and lets them be decided on: in order of time, from where the last
 * look ended, a bounded number at once.
 */
final class Alarms implements Processor<byte[], Emission, byte[], Emission> {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int MOST_AT_ONCE = 1_000;
  private static final long LONGEST_SPREAD_MS = 5_000;
  private static final long SPREAD_PART = 10;

  private final Lane lane;
  private final Services services;

  Alarms(Lane lane, Services services) {
    this.lane = lane;
    this.services = services;
  }

  @Override
  public void init(ProcessorContext<byte[], Emission> context) {
    Desk own = new Desk(context, lane, services);
    int partition = context.taskId().partition();
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick(own, partition));
  }

  /** Nothing is sent here; the processor only needs a place in the topology. */
  @Override
  public void process(Record<byte[], Emission> record) {}

  private void tick(Desk desk, int partition) {
    long now = desk.now();
    TaskState task = desk.task();
    task.punctuated(now);
    task.count().goOn(desk.flights());
    desk.cache().expire(now);
    desk.markers().expire(now);
    desk.leases().over(now).forEach(desk::lost);
    if (!task.caughtUp(services.directory(), lane, partition)) {
      return;
    }
    if (now < task.scannedToMs()) {
      task.scannedTo(0);
    }
    List<Alarm> due = desk.flights().due(task.scannedToMs(), now, MOST_AT_ONCE);
    for (Alarm alarm : due) {
      fire(desk, alarm, now);
    }
    task.scannedTo(due.size() < MOST_AT_ONCE ? now : due.getLast().dueMs());
    if (!due.isEmpty()) {
      services.metrics().count(RouterMetrics.Meter.ALARMS, lane, due.size());
    }
  }

  private void fire(Desk desk, Alarm alarm, long now) {
    Flight newest = desk.flights().load(alarm.fingerprint());
    Flight flight =
        newest != null && newest.generation() == alarm.generation()
            ? newest
            : desk.flights().load(alarm.fingerprint(), alarm.generation());
    long incarnation = desk.task().incarnation();
    if (flight == null || flight.alarmMs() != alarm.dueMs()) {
      desk.flights().clear(alarm, flight, newest, incarnation);
      return;
    }
    Flight swept =
        flight.nextWaiterMs() <= now ? sweep(desk, alarm, flight, now, incarnation) : flight;
    CatalogSnapshot catalog = services.catalog().get();
    boolean workerGone =
        flight.state() instanceof Open open
            && open.phase() instanceof Running running
            && catalog.isGone(running.worker());
    long askableMs = askableMs(desk, flight, now);
    int standIn = askableMs > now ? other(desk, flight, catalog, now) : standIn(flight, catalog);
    AlarmFired event =
        new AlarmFired(
            alarm.dueMs(),
            incarnation,
            alarm.armedIn(),
            workerGone,
            flight.isOpen() && isReady(flight.candidate(), catalog),
            standIn,
            askableMs);
    List<Decision> decisions = services.decider().decide(swept, event, now);
    observe(swept, decisions);
    boolean retired = newest != null && newest.generation() != flight.generation();
    desk.perform(alarm.fingerprint(), flight, retired, decisions, null, null);
    desk.probes().over();
  }

  /** Counts an attempt whose worker is gone, or took longer than it may. */
  private void observe(Flight flight, List<Decision> decisions) {
    if (flight.state() instanceof Open open
        && open.phase() instanceof Running
        && flight.waiters() > 0
        && decisions.getFirst() instanceof Decision.Store store
        && !(store.flight().state() instanceof Open next && next.phase() instanceof Running)) {
      PoolCandidate candidate = flight.candidate();
      services
          .tally()
          .lost(new ModelOfPool(candidate.pool(), candidate.model()), open.dispatchedMs());
    }
  }

  private static boolean isReady(PoolCandidate candidate, CatalogSnapshot catalog) {
    return catalog.pool(candidate.pool()).ready().contains(candidate.model());
  }

  private static int standIn(Flight flight, CatalogSnapshot catalog) {
    int present = flight.state().link();
    if (flight.isOpen() && catalog.settled() && isDeserted(flight.candidate(), catalog)) {
      for (int link = present + 1; flight.hasLink(link); link++) {
        if (isReady(flight.facts().chain().get(link), catalog)) {
          return link;
        }
      }
    }
    return present;
  }

  /** When a flight's candidate may be asked, where its pause is over; 0 in every other phase. */
  private long askableMs(Desk desk, Flight flight, long now) {
    return flight.state() instanceof Open open
            && open.phase() instanceof Backoff pause
            && now >= pause.untilMs()
        ? spread(flight, open, askableMs(desk, flight.candidate(), now), now)
        : 0;
  }

  /**
   * Looks for permits are spread, the more the longer a flight waits: each costs a write, and after
   * a long outage many wait that all came to the end of their pause at the same time.
   */
  private static long spread(Flight flight, Open open, long askableMs, long now) {
    if (askableMs <= now) {
      return askableMs;
    }
    long most = Math.clamp((now - open.dispatchedMs()) / SPREAD_PART, 0, LONGEST_SPREAD_MS);
    long later = askableMs + Math.floorMod(flight.facts().source().hashCode(), most + 1);
    return later < flight.deadlineMs() ? later : askableMs;
  }

  private long askableMs(Desk desk, PoolCandidate candidate, long now) {
    Standing standing = services.health().get().of(candidate.pool(), candidate.model());
    boolean probes =
        standing.circuit() == Circuit.HALF_OPEN
            && standing.notBeforeMs() <= now
            && desk.probes().test(candidate.pool(), candidate.model());
    return probes ? 0 : standing.looksAgainMs(now);
  }

  /** A later candidate that can be asked in place of one that is left alone. */
  private int other(Desk desk, Flight flight, CatalogSnapshot catalog, long now) {
    int present = flight.state().link();
    for (int link = present + 1; flight.hasLink(link); link++) {
      PoolCandidate next = flight.facts().chain().get(link);
      CatalogSnapshot.Pool pool = catalog.pool(next.pool());
      if (pool.alive() > 0
          && pool.takes(next.model(), flight.facts().capability())
          && askableMs(desk, next, now) <= now) {
        return link;
      }
    }
    return present;
  }

  private static boolean isDeserted(PoolCandidate candidate, CatalogSnapshot catalog) {
    return catalog.pool(candidate.pool()).alive() == 0;
  }

  /** Looks through a flight's waiters and carries out what {@link Sweep} decides on them. */
  private Flight sweep(Desk desk, Alarm alarm, Flight flight, long now, long incarnation) {
    Fingerprint fingerprint = alarm.fingerprint();
    int generation = flight.generation();
    Sweep sweep = new Sweep(flight, incarnation, now);
    desk.flights().eachWaiter(fingerprint, generation, sweep::look);
    for (Waiter waiter : sweep.tell()) {
      desk.flights().put(fingerprint, generation, waiter);
      desk.tell(
          fingerprint, flight, waiter, waiter.isCancelled() ? Waiter.CANCELLED : expired(flight));
    }
    sweep
        .forget()
        .forEach(waiter -> desk.flights().deleteWaiter(fingerprint, generation, waiter.id()));
    return sweep.swept();
  }

  private InferenceError expired(Flight flight) {
    String pool = flight.candidate().pool();
    CatalogSnapshot.Pool workers = services.catalog().get().pool(pool);
    String why =
        workers.alive() == 0
            ? "no worker of pool '" + pool + "' is alive; start one"
            : workers.alive() + " workers of pool '" + pool + "' did not answer in time";
    return InferenceError.expired("the deadline passed; " + why);
  }
}
