package io.ratatoskr.router;

import io.ratatoskr.router.Event.AlarmFired;
import io.ratatoskr.router.Flight.Open;
import io.ratatoskr.router.Flight.Running;
import io.ratatoskr.router.FlightStore.Alarm;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The clock of a task: what is due is looked up in order of time, from where the last look ended, a
 * bounded number at once.
 */
final class Alarms implements Processor<byte[], Emission, byte[], Emission> {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int MOST_AT_ONCE = 1_000;

  private final Lane lane;
  private final Services services;

  Alarms(Lane lane, Services services) {
    this.lane = lane;
    this.services = services;
  }

  @Override
  public void init(ProcessorContext<byte[], Emission> context) {
    Desk own = new Desk(context, lane, services);
    String results = TopicDirectory.results(lane);
    int partition = context.taskId().partition();
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick(own, results, partition));
  }

  /** Nothing is sent here; the processor only needs a place in the topology. */
  @Override
  public void process(Record<byte[], Emission> record) {}

  private void tick(Desk desk, String results, int partition) {
    long now = desk.now();
    TaskState task = desk.task();
    task.punctuated(now);
    desk.cache().expire(now);
    if (!task.caughtUp(services.directory(), results, partition)) {
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
    if (flight == null || flight.alarmMs() != alarm.dueMs()) {
      desk.flights().clear(alarm, flight == null);
      return;
    }
    long incarnation = desk.task().incarnation();
    Flight swept =
        flight.nextWaiterMs() <= now ? sweep(desk, alarm, flight, now, incarnation) : flight;
    Candidate candidate = flight.candidate();
    boolean workerGone =
        flight.state() instanceof Open open
            && open.phase() instanceof Running running
            && services.catalog().isGone(running.worker());
    boolean modelReady =
        flight.isOpen()
            && services.catalog().pool(candidate.pool()).ready().contains(candidate.model());
    AlarmFired event =
        new AlarmFired(alarm.dueMs(), incarnation, alarm.armedIn(), workerGone, modelReady);
    List<Decision> decisions = services.decider().decide(swept, event, now);
    boolean retired = newest != null && newest.generation() != flight.generation();
    desk.perform(alarm.fingerprint(), flight, retired, decisions, null);
  }

  /**
   * Looks through a flight's waiters: those past their deadline are told, once more in a later
   * incarnation, and forgotten when that is certain to have arrived.
   */
  private Flight sweep(Desk desk, Alarm alarm, Flight flight, long now, long incarnation) {
    Fingerprint fingerprint = alarm.fingerprint();
    List<Waiter> tell = new ArrayList<>();
    List<Waiter> forget = new ArrayList<>();
    long[] next = {Flight.NEVER, Flight.NEVER};
    int[] counts = {0, 0};
    desk.flights()
        .eachWaiter(
            fingerprint,
            flight.generation(),
            waiter -> {
              if (waiter.isExpired()) {
                if (waiter.expiredIn() != incarnation) {
                  tell.add(waiter);
                } else if (now >= waiter.expiredMs() + Steps.ECHO_MS) {
                  forget.add(waiter);
                } else {
                  counts[1]++;
                  next[1] = Math.min(next[1], waiter.expiredMs() + Steps.ECHO_MS);
                }
              } else if (flight.isOpen() && waiter.deadlineMs() <= now) {
                tell.add(waiter);
              } else {
                counts[0]++;
                next[0] = flight.isOpen() ? Math.min(next[0], waiter.deadlineMs()) : Flight.NEVER;
              }
            });
    for (Waiter waiter : tell) {
      desk.flights().put(fingerprint, flight.generation(), waiter.expired(incarnation, now));
      desk.reply(
          fingerprint,
          flight.facts().capability(),
          flight.facts().domain(),
          waiter.replyTo(),
          new Verdict.Failure(expired(flight), flight.state().attempt()));
      next[1] = Math.min(next[1], now + Steps.ECHO_MS);
    }
    for (Waiter waiter : forget) {
      desk.flights().deleteWaiter(fingerprint, flight.generation(), waiter.id());
    }
    // With many waiters a look takes time; deadlines close to each other share one.
    long pause = counts[0] / 100;
    long live = next[0] == Flight.NEVER ? Flight.NEVER : Math.max(next[0], now + pause);
    return flight.withWaiters(
        counts[0], counts[1] + tell.size(), Math.min(live, next[1]), flight.deadlineMs());
  }

  private InferenceError expired(Flight flight) {
    String pool = flight.candidate().pool();
    Catalog.Pool workers = services.catalog().pool(pool);
    String why =
        workers.alive() == 0
            ? "no worker of pool '" + pool + "' is alive; start one"
            : workers.alive() + " workers of pool '" + pool + "' did not answer in time";
    return new InferenceError.Expired("the deadline passed; " + why);
  }
}
