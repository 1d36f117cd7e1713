package io.ratatoskr.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.router.FlightWorld.Sent;
import io.ratatoskr.router.flight.Decision.Counted;
import io.ratatoskr.router.flight.Event.Outcome;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * The laws of docs/delivery.md, for any order of requests, duplicates, cancellations, results,
 * alarms, pauses and crashes.
 */
class FlightLawsTest {
  private static final int REQUESTS = 5;

  /** Longest that the rest of a history may take: all deadlines, then grace, then echoes. */
  private static final int LATEST_ROUND = 1_500;

  enum Kind {
    SEND,
    SEND_AGAIN,
    CANCEL,
    REPORT,
    REPORT_TWICE,
    INVENT,
    READ,
    RUN,
    COMMIT,
    WORKER_LOST,
    POOL_LOST,
    POOL_BACK,
    PAUSE,
    CLOCK_SET_BACK,
    CRASH,
    MOVE
  }

  /** Something happens; {@code pick} says to whom, {@code how} how much of it. */
  record Step(Kind kind, int pick, int how) {}

  private static Arbitrary<List<Step>> steps(Arbitrary<Kind> kinds) {
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 10_000), Arbitraries.integers().between(0, 99))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  private static List<Tuple.Tuple2<Integer, Kind>> usual() {
    return new ArrayList<>(
        List.of(
            Tuple.of(8, Kind.SEND),
            Tuple.of(3, Kind.SEND_AGAIN),
            Tuple.of(3, Kind.CANCEL),
            Tuple.of(14, Kind.REPORT),
            Tuple.of(3, Kind.REPORT_TWICE),
            Tuple.of(1, Kind.INVENT),
            Tuple.of(30, Kind.READ),
            Tuple.of(14, Kind.RUN),
            Tuple.of(3, Kind.COMMIT),
            Tuple.of(2, Kind.WORKER_LOST),
            Tuple.of(2, Kind.POOL_LOST),
            Tuple.of(2, Kind.POOL_BACK)));
  }

  @Provide
  Arbitrary<List<Step>> undisturbed() {
    List<Tuple.Tuple2<Integer, Kind>> kinds = usual();
    kinds.removeIf(kind -> kind.get2() == Kind.SEND_AGAIN);
    return steps(Arbitraries.frequency(kinds));
  }

  @Provide
  Arbitrary<List<Step>> sentAgain() {
    return steps(Arbitraries.frequency(usual()));
  }

  /** The process comes back on its disk, which may know more than the changelog. */
  @Provide
  Arbitrary<List<Step>> comingBack() {
    return disturbed(Kind.CRASH);
  }

  /** Another process goes on with what is in the changelog. */
  @Provide
  Arbitrary<List<Step>> movingOn() {
    return disturbed(Kind.MOVE);
  }

  /** Now this, now that. */
  @Provide
  Arbitrary<List<Step>> comingBackAndMovingOn() {
    return disturbed(Kind.CRASH, Kind.MOVE);
  }

  private static Arbitrary<List<Step>> disturbed(Kind... crashes) {
    List<Tuple.Tuple2<Integer, Kind>> kinds = usual();
    kinds.addAll(List.of(Tuple.of(3, Kind.PAUSE), Tuple.of(1, Kind.CLOCK_SET_BACK)));
    for (Kind crash : crashes) {
      kinds.add(Tuple.of(7 / crashes.length, crash));
    }
    return steps(Arbitraries.frequency(kinds));
  }

  @Property(tries = 1_000)
  void undisturbed_eachRequestIsAnsweredExactlyOnce(
      @ForAll("undisturbed") List<Step> steps, @ForAll boolean worksVanish) {
    FlightWorld world = run(steps, worksVanish);

    for (RequestId id : ids(world)) {
      assertThat(world.replies.to(id)).as("%s in %s", id, world).hasSize(1);
    }
    seen(world);
  }

  @Property(tries = 1_000)
  void sentAgain_aRequestHasNoMoreRepliesThanItWasSent(
      @ForAll("sentAgain") List<Step> steps, @ForAll boolean worksVanish) {
    FlightWorld world = run(steps, worksVanish);

    Map<RequestId, Long> sent =
        world.requests.stream().collect(Collectors.groupingBy(Sent::id, Collectors.counting()));
    sent.forEach((id, times) ->
        assertThat(world.replies.to(id))
            .as("%s in %s", id, world)
            .hasSizeBetween(1, Math.toIntExact(times)));
  }

  @Property(tries = 1_000)
  void killedAndBack_nothingIsLost_andNothingStaysBehind(
      @ForAll("comingBack") List<Step> steps, @ForAll boolean worksVanish) {
    answeredAtLeastOnce(run(steps, worksVanish));
  }

  @Property(tries = 1_000)
  void killedAndTakenOver_nothingIsLost_andNothingStaysBehind(
      @ForAll("movingOn") List<Step> steps, @ForAll boolean worksVanish) {
    answeredAtLeastOnce(run(steps, worksVanish));
  }

  @Property(tries = 1_000)
  void killedBackAndTakenOver_nothingIsLost_andNothingStaysBehind(
      @ForAll("comingBackAndMovingOn") List<Step> steps, @ForAll boolean worksVanish) {
    answeredAtLeastOnce(run(steps, worksVanish));
  }

  /** At most once in each incarnation for each time that it was sent or cancelled. */
  private static void answeredAtLeastOnce(FlightWorld world) {
    int said = world.requests.size() + world.cancellations.size();
    for (RequestId id : ids(world)) {
      assertThat(world.replies.to(id))
          .as("%s in %s", id, world)
          .hasSizeBetween(1, said * world.incarnations);
    }
  }

  private static Set<RequestId> ids(FlightWorld world) {
    return world.requests.stream().map(Sent::id).collect(Collectors.toSet());
  }

  private static void seen(FlightWorld world) {
    for (Counted what : List.of(Counted.JOIN, Counted.RETRY, Counted.HANDOVER, Counted.CRASH)) {
      Statistics.label(what.name())
          .collect(world.counted.contains(what))
          .coverage(coverage -> coverage.check(true).count(times -> times > 0));
    }
    Statistics.label("second generation")
        .collect(world.latestGeneration > 1)
        .coverage(coverage -> coverage.check(true).count(times -> times > 0));
  }

  /** Lets it happen, then lets everything come to its end, and checks what holds of any history. */
  private static FlightWorld run(List<Step> steps, boolean worksVanish) {
    FlightWorld world = new FlightWorld();
    long crashes =
        steps.stream()
            .filter(step -> step.kind() == Kind.CRASH || step.kind() == Kind.MOVE)
            .count();
    for (Step step : steps) {
      happen(world, step);
      assertThat(world.violations).as("%s", world).isEmpty();
      if (crashes == 0) {
        assertThat(world.miscounted()).as("waiters miscounted in %s", world).isZero();
      }
    }
    end(world, worksVanish);
    assertThat(world.violations).as("%s", world).isEmpty();
    Map<Character, Long> left = world.leftBehind();
    assertThat(left.getOrDefault('W', 0L)).as("%s", world).isBetween(0L, crashes);
    left.remove('W');
    assertThat(left).as("%s", world).isEmpty();
    return world;
  }

  /** All records are read, healthy workers answer all that is dispatched, and time passes. */
  private static void end(FlightWorld world, boolean worksVanish) {
    Arrays.fill(world.alive, true);
    int answered = worksVanish ? world.works.size() : 0;
    for (int round = 0; round < LATEST_ROUND; round++) {
      for (int topic = 0; topic < 3; topic++) {
        while (world.read(topic)) {
          // Until its end.
        }
      }
      for (; answered < world.works.size(); answered++) {
        FlightWork work = world.works.get(answered);
        report(world, work, "end" + answered, work.answered());
      }
      world.run(1_000);
    }
  }

  private static void happen(FlightWorld world, Step step) {
    int pick = step.pick();
    int how = step.how();
    switch (step.kind()) {
      case SEND -> {
        int number = ids(world).size();
        if (number < REQUESTS) {
          long within = how < 20 ? 3_000 : how < 70 ? 60_000 : 600_000;
          long hold = pick % 5 == 0 ? world.now + how * 100L : 0;
          world.requests.add(new Sent(FlightReplies.id(number), world.now + within, hold));
        }
      }
      case SEND_AGAIN -> {
        if (!world.requests.isEmpty()) {
          world.requests.add(world.requests.get(pick % world.requests.size()));
        }
      }
      case CANCEL -> world.cancellations.add(FlightReplies.id(pick % REQUESTS));
      case REPORT -> {
        if (!world.works.isEmpty()) {
          // Mostly the latest one.
          int back = how < 70 ? 0 : pick % world.works.size();
          FlightWork work = world.works.get(world.works.size() - 1 - back);
          report(world, work, "x" + pick % 2 + work.attempt(), outcome(work, pick, how));
        }
      }
      case REPORT_TWICE -> {
        if (!world.results.isEmpty()) {
          world.results.add(world.results.get(pick % world.results.size()));
        }
      }
      case INVENT -> {
        if (!world.works.isEmpty()) {
          FlightWork like = world.works.get(pick % world.works.size());
          FlightWork never =
              new FlightWork(like.generation() + how % 3 - 1, how % 6, pick % 4, like.source());
          if (never.link() < FlightWork.CHAIN.size()) {
            report(world, never, "y", outcome(never, pick, how));
          }
        }
      }
      case READ -> {
        boolean _ = world.read(pick);
      }
      case RUN -> world.run(how < 40 ? how : how < 80 ? how * 50L : how * 400L);
      case COMMIT -> world.commit();
      case WORKER_LOST -> world.gone.add("w" + pick % FlightWork.CHAIN.size());
      case POOL_LOST -> world.alive[pick % FlightWork.CHAIN.size()] = false;
      case POOL_BACK -> {
        world.alive[pick % FlightWork.CHAIN.size()] = true;
        world.gone.clear();
      }
      case PAUSE -> {
        world.now += how * 1_000L;
        world.tick();
      }
      case CLOCK_SET_BACK -> {
        world.now -= how * 100L;
        world.tick();
      }
      case CRASH -> world.crash(pick, false);
      case MOVE -> world.crash(pick, true);
    }
  }

  private static void report(
      FlightWorld world, FlightWork work, String execution, Outcome outcome) {
    world.results.add(work.report(execution, outcome));
  }

  private static Outcome outcome(FlightWork work, int pick, int how) {
    return switch (pick % 9) {
      case 0, 1, 2 -> new Outcome.Started();
      case 3 -> work.answered();
      case 4 -> new Outcome.Retryable(InferenceError.http("reset"));
      case 5 ->
          new Outcome.Retryable(
              new InferenceError(
                  ErrorCode.RATE_LIMITED, "slow down", Map.of(), Duration.ofMillis(how * 300L)));
      case 6 ->
          new Outcome.Rejected(
              how < 50
                  ? InferenceError.modelNotAvailable("large", "no room")
                  : InferenceError.expired("too old"));
      case 7 -> new Outcome.Rejected(InferenceError.invalidInput("bad"));
      default -> new Outcome.Loading();
    };
  }
}
