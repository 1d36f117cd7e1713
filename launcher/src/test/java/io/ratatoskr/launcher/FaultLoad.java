package io.ratatoskr.launcher;

import static io.ratatoskr.launcher.FaultPipeline.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.testkit.NothingLost;
import io.ratatoskr.testkit.OneTerminalReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Steady load on a pipeline until it is finished: a window of bulk requests, and an interactive
 * request every quarter of a second whether or not earlier ones are answered.
 */
final class FaultLoad {
  private static final int WINDOW = 256;
  private static final Duration TRICKLE = Duration.ofMillis(250);
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final FaultPipeline pipeline;
  private final String prefix;
  private final int leastBulk;
  private final Side interactive = new Side();
  private final Side bulk = new Side();
  private final AtomicLong twice = new AtomicLong();
  private final Semaphore window = new Semaphore(WINDOW);
  private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
  private final Thread bulkSender;
  private volatile boolean finishing;

  /** When the latest-sent interactive request that has an answer was sent, and answered. */
  private record Served(long sentNanos, long answeredNanos) {}

  private final List<Served> served = new CopyOnWriteArrayList<>();

  /** A lane's requests so far, and what the client was told of each text. */
  private static final class Side {
    private final AtomicLong sent = new AtomicLong();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
  }

  private Side side(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> interactive;
      case BULK -> bulk;
    };
  }

  private FaultLoad(FaultPipeline pipeline, String prefix, int leastBulk) {
    this.pipeline = pipeline;
    this.prefix = prefix;
    this.leastBulk = leastBulk;
    this.bulkSender = Thread.ofPlatform().daemon().name("bulk-load").unstarted(this::sendBulk);
  }

  /** Starts load whose texts begin so, at least as many on the bulk lane. */
  static FaultLoad start(FaultPipeline pipeline, String prefix, int leastBulk) {
    FaultLoad load = new FaultLoad(pipeline, prefix, leastBulk);
    load.bulkSender.start();
    var _ =
        load.trickle.scheduleAtFixedRate(
            load::sendInteractive, 0, TRICKLE.toMillis(), TimeUnit.MILLISECONDS);
    return load;
  }

  private void sendBulk() {
    while (!finishing || bulk.sent.get() < leastBulk) {
      window.acquireUninterruptibly();
      send(Lane.BULK, window::release);
    }
  }

  private void sendInteractive() {
    long begun = System.nanoTime();
    send(Lane.INTERACTIVE, () -> served.add(new Served(begun, System.nanoTime())));
  }

  private void send(Lane lane, Runnable after) {
    String text = prefix + lane.topicName() + "-" + side(lane).sent.getAndIncrement();
    var _ =
        pipeline
            .embed(lane, WITHIN, text)
            .whenComplete((reply, failure) -> {
              String answer = failure == null ? payload(reply) : failure.toString();
              if (side(lane).answers.put(text, answer) != null) {
                twice.incrementAndGet();
              }
              after.run();
            });
  }

  private static String payload(EmbedReply reply) {
    return FaultWire.payload(reply.vector());
  }

  /** Waits for so many answers on a lane. */
  void awaitAnswered(Lane lane, int count) {
    Awaitility.await().atMost(PATIENCE).until(() -> side(lane).answers.size() >= count);
  }

  /** Until the first answer to an interactive request sent after that moment; since that moment. */
  Duration awaitAnswerToRequestSentAfter(long nanos) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> served.stream().anyMatch(one -> one.sentNanos() - nanos > 0));
    return Duration.ofNanos(
        served.stream()
            .filter(one -> one.sentNanos() - nanos > 0)
            .mapToLong(one -> one.answeredNanos() - nanos)
            .min()
            .orElseThrow());
  }

  /** Sends no more and waits for all answers. */
  void finish() {
    finishing = true;
    trickle.shutdown();
    Awaitility.await().atMost(PATIENCE).until(() -> !bulkSender.isAlive());
    Awaitility.await().atMost(PATIENCE).until(trickle::isTerminated);
    for (Lane lane : Lane.values()) {
      Awaitility.await()
          .atMost(WITHIN)
          .until(() -> side(lane).answers.size() == side(lane).sent.get());
    }
  }

  /** The texts sent on a lane. */
  List<String> texts(Lane lane) {
    return List.copyOf(side(lane).answers.keySet());
  }

  /** Fails unless each text has one answer, its vector, in the topics as at the client. */
  void checkAnswered() {
    assertThat(twice).hasValue(0);
    NothingLost<String> nothingLost = new NothingLost<>();
    OneTerminalReply<String> once = OneTerminalReply.withEqualDuplicates();
    FaultWire wire = pipeline.wire();
    for (Lane lane : Lane.values()) {
      Map<String, String> answers = side(lane).answers;
      assertThat(answers)
          .allSatisfy(
              (text, answer) -> assertThat(answer).as(text).isEqualTo(FaultWire.payload(text)));
      Map<RequestId, String> requests = wire.requests(lane, prefix);
      assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(requests.values());
      wire.tell(lane, requests, nothingLost, once);
      requests.forEach(
          (id, text) -> once.delivered(id.toString(), answers.getOrDefault(text, "none")));
    }
    nothingLost.check();
    once.check();
  }
}
