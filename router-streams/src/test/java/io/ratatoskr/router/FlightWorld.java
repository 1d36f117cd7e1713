package io.ratatoskr.router;

import io.ratatoskr.router.flight.Decider;
import io.ratatoskr.router.flight.Decision;
import io.ratatoskr.router.flight.Event;
import io.ratatoskr.router.flight.Flight;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Occupancy;
import io.ratatoskr.router.flight.Rules;
import io.ratatoskr.router.flight.Source;
import io.ratatoskr.router.flight.Sweep;
import io.ratatoskr.router.flight.Waiter;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One fingerprint's part of a router's task: three topics, the store with its changelog, what was
 * sent, and a clock. The decisions, the store and its codec are the router's own; what reads topics
 * and sends is done here as {@code Admission}, {@code Settlement}, {@code Withdrawal}, {@code
 * Alarms} and {@code Desk} do it, so that a crash can lose any end of what was written since the
 * last commit. What breaks a law is noted as a violation.
 */
final class FlightWorld {
  private static final Rules RULES = new Rules(500, 8_000, 5_000, 20_000, 4);
  private static final Fingerprint FINGERPRINT = Fingerprint.ofKey(new byte[Fingerprint.BYTES]);
  private static final String REQUESTS = "requests";
  private static final String RESULTS = "results";
  private static final String CANCELLATIONS = "cancellations";
  private static final int MOST_DUE = 1_000;

  /** Longest time between commits of a task that runs; shorter than an echo. */
  private static final long COMMIT_MS = 5_000;

  private static final long MARKED_MS = 600_000;

  /** A request record, and until when the first candidate wants to be left alone. */
  record Sent(RequestId id, long deadlineMs, long holdUntilMs) {}

  private final Decider decider = new Decider(RULES);
  private final FlightCodec codec = new FlightCodec();
  private final LoggedStore store = new LoggedStore();
  private final FlightStore flights = new FlightStore(store, codec);

  final List<Sent> requests = new ArrayList<>();
  final List<FlightWork.Report> results = new ArrayList<>();
  final List<RequestId> cancellations = new ArrayList<>();
  final List<FlightWork> works = new ArrayList<>();
  final FlightReplies replies = new FlightReplies();
  final List<String> violations = new ArrayList<>();
  final Set<String> gone = new HashSet<>();
  final boolean[] alive = {true, true, true};
  final Set<Decision.Counted> counted = new HashSet<>();
  int incarnations;
  int latestGeneration;

  long now = 1_000_000;
  private TaskState task = newTask();
  private Markers markers = new Markers(store, codec, task);
  private long incarnation;
  private int resultsEnd;

  private int readRequests;
  private int readResults;
  private int readCancellations;
  private long committedMs = now;
  private Committed committed = new Committed(0, 0, 0, 0, List.of(0, 0));

  /** How far everything was when it was last committed. */
  private record Committed(
      int requests, int results, int cancellations, int works, List<Integer> replies) {}

  FlightWorld() {
    punctuated();
  }

  /**
   * Entries of the store, when all markers are over: of each kind, which is their first letter. The
   * waiter of a request whose flight a crash has lost, and that is refused when it is read again,
   * stays behind; a later flight of that fingerprint takes it along.
   */
  Map<Character, Long> leftBehind() {
    markers.expire(Long.MAX_VALUE - 1);
    return store.keys().stream()
        .collect(Collectors.groupingBy(key -> (char) key.get()[0], Collectors.counting()));
  }

  // What a task does

  void commit() {
    committedMs = now;
    committed =
        new Committed(readRequests, readResults, readCancellations, works.size(), replies.sizes());
    store.commit();
  }

  /**
   * The process ends: of what was written since the last commit, any beginning of each topic is
   * left.
   *
   * @param kept picks how much
   */
  void crash(int kept, boolean elsewhere) {
    if (elsewhere) {
      store.moves(kept);
    } else {
      store.comesBack(kept, kept / 3);
    }
    works.subList(left(committed.works(), works.size(), kept / 7), works.size()).clear();
    replies.cut(committed.replies(), kept / 11);
    readRequests = committed.requests();
    readResults = committed.results();
    readCancellations = committed.cancellations();
    task = newTask();
    markers = new Markers(store, codec, task);
    incarnation = 0;
    now++; // no process starts within a millisecond of another's end
    commit();
    punctuated();
  }

  private static int left(int from, int to, int pick) {
    return from + pick % (to - from + 1);
  }

  private void punctuated() {
    task.punctuated(now);
    if (task.incarnation() != incarnation) {
      incarnation = task.incarnation();
      incarnations++;
      resultsEnd = results.size();
    }
  }

  /** Time that passes while the task runs, and commits. */
  void run(long millis) {
    long until = now + millis;
    while (now < until) {
      now = Math.min(until, now + 1_000);
      tick();
      if (Math.abs(now - committedMs) >= COMMIT_MS) {
        commit();
      }
    }
  }

  void tick() {
    punctuated();
    markers.expire(now);
    if (readResults < resultsEnd) {
      return;
    }
    flights.due(0, now, MOST_DUE).forEach(this::fire);
  }

  /** Reads the next record of a topic, if there is one. */
  boolean read(int topic) {
    return switch (topic % 3) {
      case 0 -> readRequests < requests.size() && admit(requests.get(readRequests), readRequests++);
      case 1 -> readResults < results.size() && settle(results.get(readResults), readResults++);
      default ->
          readCancellations < cancellations.size()
              && withdraw(cancellations.get(readCancellations), readCancellations++);
    };
  }

  private boolean admit(Sent sent, long offset) {
    Flight newest = flights.load(FINGERPRINT);
    Flight knowing =
        newest != null && newest.hasApplied(REQUESTS, offset)
            ? flights.knowing(FINGERPRINT, newest, sent.id(), known -> known.offset() >= offset)
            : null;
    Flight flight = knowing == null ? newest : knowing;
    Waiter waiter =
        Waiter.of(
            sent.id(),
            new Inbox(FlightReplies.inbox(sent.id()), "i"),
            REQUESTS,
            offset,
            sent.deadlineMs());
    Flight.Facts facts =
        new Flight.Facts(
            Capability.EMBED,
            Domain.DEFAULT,
            "",
            new Source(REQUESTS, 0, offset),
            FlightWork.CHAIN,
            true,
            null,
            null);
    InferenceError refusal =
        markers.has(FINGERPRINT, sent.id(), Domain.DEFAULT)
            ? Waiter.CANCELLED
            : sent.deadlineMs() <= now ? InferenceError.expired("too late") : null;
    Event event =
        new Event.RequestArrived(
            facts,
            waiter,
            knowing != null,
            flight == null ? null : flights.waiter(FINGERPRINT, flight.generation(), sent.id()),
            null,
            refusal,
            sent.holdUntilMs());
    boolean retired = knowing != null && !knowing.equals(newest);
    perform(flight, retired, decider.decide(flight, event, now), sent.id());
    return true;
  }

  private boolean settle(FlightWork.Report report, long offset) {
    FlightWork work = report.of();
    Flight newest = flights.load(FINGERPRINT);
    boolean retired = newest != null && newest.generation() > work.generation();
    Flight flight = retired ? flights.load(FINGERPRINT, work.generation()) : newest;
    Event event =
        new Event.ResultArrived(
            RESULTS,
            offset,
            work.generation(),
            work.attempt(),
            work.link(),
            work.source(),
            report.worker(),
            report.execution(),
            report.outcome());
    perform(flight, retired, decider.decide(flight, event, now), null);
    return true;
  }

  private boolean withdraw(RequestId id, long offset) {
    Flight newest = flights.load(FINGERPRINT);
    Flight told =
        newest != null && newest.hasApplied(CANCELLATIONS, offset)
            ? flights.knowing(FINGERPRINT, newest, id, one -> one.cancelledBy() == offset)
            : null;
    Flight flight = told == null ? newest : told;
    boolean[] others = {false};
    if (flight != null) {
      flights.eachWaiter(
          FINGERPRINT,
          flight.generation(),
          waiter -> others[0] |= !waiter.isTold() && !waiter.id().equals(id));
    }
    Event event =
        new Event.CancelArrived(
            CANCELLATIONS,
            offset,
            Domain.DEFAULT,
            id,
            flight == null ? null : flights.waiter(FINGERPRINT, flight.generation(), id),
            flight != null && !(flight.waiters() > 1 || others[0]),
            incarnation);
    boolean retired = told != null && !told.equals(newest);
    perform(flight, retired, decider.decide(flight, event, now), null);
    return true;
  }

  private void fire(FlightStore.Alarm alarm) {
    Flight newest = flights.load(FINGERPRINT);
    Flight flight = flights.load(FINGERPRINT, alarm.generation());
    if (flight == null || flight.alarmMs() != alarm.dueMs()) {
      flights.clear(alarm, flight, newest, incarnation);
      return;
    }
    Flight swept = flight.nextWaiterMs() <= now ? sweep(flight) : flight;
    boolean workerGone =
        flight.state() instanceof Open open
            && open.phase() instanceof Running running
            && gone.contains(running.worker());
    int link = flight.state().link();
    int standIn =
        flight.isOpen() && !alive[link]
            ? IntStream.range(link + 1, FlightWork.CHAIN.size())
                .filter(later -> alive[later])
                .findFirst()
                .orElse(link)
            : link;
    Event event =
        new Event.AlarmFired(
            alarm.dueMs(), incarnation, alarm.armedIn(), workerGone, alive[link], standIn, 0);
    boolean retired = newest != null && newest.generation() != flight.generation();
    perform(flight, retired, decider.decide(swept, event, now), null);
  }

  private Flight sweep(Flight flight) {
    Sweep sweep = new Sweep(flight, incarnation, now);
    flights.eachWaiter(FINGERPRINT, flight.generation(), sweep::look);
    for (Waiter waiter : sweep.tell()) {
      flights.put(FINGERPRINT, flight.generation(), waiter);
      replies.tell(waiter.id(), waiter.isCancelled() ? "Cancelled" : "Expired");
    }
    sweep
        .forget()
        .forEach(waiter -> flights.deleteWaiter(FINGERPRINT, flight.generation(), waiter.id()));
    return sweep.swept();
  }

  private void perform(
      @Nullable Flight before,
      boolean retired,
      List<Decision> decisions,
      @Nullable RequestId inHand) {
    FlightLaws laws = new FlightLaws(before, decisions);
    violations.addAll(laws.violations());
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Wait wait -> flights.put(FINGERPRINT, wait.generation(), wait.waiter());
        case Decision.Retire retire -> flights.retire(FINGERPRINT, retire.flight());
        case Decision.Store one -> save(one.flight(), before, retired);
        case Decision.WriteAgain again ->
            flights.writeAgain(FINGERPRINT, again.flight(), retired, again.waiter(), incarnation);
        case Decision.Forget forget ->
            flights.forget(FINGERPRINT, forget, before == null ? 0 : before.alarmMs());
        case Decision.Dispatch dispatch -> dispatch(dispatch.flight());
        case Decision.AnswerAll all -> tellAll(all.flight(), "Answered");
        case Decision.FailAll all -> tellAll(all.flight(), all.error().code().wireName());
        case Decision.AnswerOne one -> replies.tell(Objects.requireNonNull(inHand), "Answered");
        case Decision.FailOne one ->
            replies.tell(Objects.requireNonNull(inHand), one.error().code().wireName());
        case Decision.Tell tell -> replies.tell(tell.waiter().id(), tell.error().code().wireName());
        case Decision.Remember mark ->
            markers.put(FINGERPRINT, mark.id(), mark.domain(), now + MARKED_MS);
        case Decision.LayAside aside -> {}
        case Decision.Abort abort -> {}
        case Decision.Cache put -> {}
        case Decision.Count count -> counted.add(count.what());
      }
    }
  }

  private void save(Flight flight, @Nullable Flight before, boolean retired) {
    Flight same = before != null && before.generation() == flight.generation() ? before : null;
    flights.save(FINGERPRINT, flight, same, retired, incarnation);
    latestGeneration = Math.max(latestGeneration, flight.generation());
  }

  private void dispatch(Flight flight) {
    if (flight.state() instanceof Open open) {
      works.add(
          new FlightWork(
              flight.generation(), open.attempt(), open.link(), flight.facts().source()));
    }
  }

  private void tellAll(Flight flight, String says) {
    flights.eachWaiter(
        FINGERPRINT,
        flight.generation(),
        waiter -> {
          if (!waiter.isToldBy(incarnation)) {
            replies.tell(waiter.id(), says);
          }
        });
  }

  /** How many waiters a flight counts that are not there, or fail to be counted. */
  long miscounted() {
    Flight flight = flights.load(FINGERPRINT);
    if (flight == null) {
      return 0;
    }
    long[] waiting = {0};
    flights.eachWaiter(
        FINGERPRINT, flight.generation(), waiter -> waiting[0] += waiter.isTold() ? 0 : 1);
    return flight.isOpen() ? Math.abs(waiting[0] - flight.waiters()) : 0;
  }

  /** For a message. */
  @Override
  public String toString() {
    return Map.of(
            "requests", requests,
            "results", results,
            "cancellations", cancellations,
            "replies", replies,
            "flight", String.valueOf(flights.load(FINGERPRINT)))
        .toString();
  }

  private static TaskState newTask() {
    return new TaskState(
        "task", Lane.INTERACTIVE, new FlightCount(new Occupancy(1)), new Occupancies());
  }
}
