package io.ratatoskr.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a chat's path through Kafka costs with nothing of ours in it: as many topics, a loop in
 * place of the router that writes each record on, and one in place of the worker that calls the
 * provider by OkHttp. It decides, stores, claims and commits nothing.
 */
final class BareChat implements ChatCaller {
  private static final String REQUESTS = "bench.bare.requests";
  private static final String WORK = "bench.bare.work";
  private static final String RESULTS = "bench.bare.results";
  private static final String REPLIES = "bench.bare.replies";
  private static final Duration POLL = Duration.ofMillis(100);

  private final String model;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Long, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread reader;

  /** A client of that Kafka, where a server of {@link #start} is ready. */
  BareChat(String bootstrap, String model) {
    this.model = model;
    this.producer = Echo.producer(bootstrap);
    CompletableFuture<Void> positioned = new CompletableFuture<>();
    this.reader =
        Thread.ofPlatform()
            .name("bare-reader")
            .start(() -> {
              try (KafkaConsumer<byte[], byte[]> consumer = Echo.consumer(bootstrap, REPLIES)) {
                positioned.complete(null);
                while (!ended.get()) {
                  consumer.poll(POLL).forEach(this::take);
                }
              }
            });
    positioned.join();
  }

  private void take(ConsumerRecord<byte[], byte[]> reply) {
    CompletableFuture<byte[]> waiting = pending.remove(ByteBuffer.wrap(reply.key()).getLong());
    if (waiting != null) {
      waiting.complete(reply.value());
    }
  }

  @Override
  public ChatTally.One whole(Plan plan) throws Exception {
    long begin = System.nanoTime();
    long id = next.getAndIncrement();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    pending.put(id, answer);
    var _ =
        producer.send(
            new ProducerRecord<>(
                REQUESTS,
                0,
                ByteBuffer.allocate(Long.BYTES).putLong(id).array(),
                HttpChatCaller.body(model, plan, false).getBytes(StandardCharsets.UTF_8)));
    List<Double> delays = new ArrayList<>();
    PlanReader plain = new PlanReader(plan, delays);
    String body = new String(answer.get(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    plain.read(HttpChatCaller.content(body), ChatCaller.epochMicros());
    double millis = (System.nanoTime() - begin) / 1e6;
    return new ChatTally.One(plain.isWhole(), 0, plain.pieces(), millis, millis, delays);
  }

  @Override
  public ChatTally.One streamed(Plan plan) {
    throw new UnsupportedOperationException("answers come in one piece");
  }

  @Override
  public long cancelled(Plan plan, int pieces) {
    throw new UnsupportedOperationException("answers come in one piece");
  }

  @Override
  public ChatTally.One unread(Plan plan, Runnable meanwhile, Runnable atEnd) {
    throw new UnsupportedOperationException("answers come in one piece");
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      reader.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(1));
  }

  /** Makes the topics, and starts what stands for router and worker, in one process. */
  static Contender start(String bootstrap, String provider) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      short one = 1;
      admin
          .createTopics(
              List.of(
                  new NewTopic(REQUESTS, 1, one),
                  new NewTopic(WORK, 1, one),
                  new NewTopic(RESULTS, 1, one),
                  new NewTopic(REPLIES, 1, one)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    return Contender.start(
        "bare",
        Contender.bench(
            "contender", "bare-chat", "--bootstrap=" + bootstrap, "--where=" + provider));
  }

  /** The other process, until its standard input ends. */
  static void serve(long start, String bootstrap, String provider) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    OkHttpClient http = HttpChatCaller.client();
    try (KafkaProducer<byte[], byte[]> out = Echo.producer(bootstrap);
        KafkaProducer<byte[], byte[]> results = Echo.producer(bootstrap)) {
      List<Thread> loops =
          List.of(
              loop(
                  bootstrap,
                  List.of(REQUESTS, RESULTS),
                  ended,
                  record -> {
                    String to = record.topic().equals(REQUESTS) ? WORK : REPLIES;
                    var _ = out.send(new ProducerRecord<>(to, 0, record.key(), record.value()));
                  }),
              loop(
                  bootstrap,
                  List.of(WORK),
                  ended,
                  record ->
                      http.newCall(HttpChatCaller.request(provider, record.value()))
                          .enqueue(new Answer(record, results))));
      Contender.serve("bare-chat", start, (slice, vectors) -> Map.of("texts", 0, "seconds", 0));
      ended.set(true);
      for (Thread loop : loops) {
        loop.join(5_000);
      }
    } finally {
      http.dispatcher().executorService().shutdown();
    }
  }

  /** Reads topics on a thread of its own, which has begun to when this returns. */
  private static Thread loop(
      String bootstrap, List<String> topics, AtomicBoolean ended, Taker taker) {
    CompletableFuture<Void> positioned = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("bare-" + topics.getFirst())
            .start(() -> {
              try (KafkaConsumer<byte[], byte[]> consumer =
                  Echo.consumer(bootstrap, topics.toArray(String[]::new))) {
                positioned.complete(null);
                while (!ended.get()) {
                  consumer.poll(POLL).forEach(taker::take);
                }
              }
            });
    positioned.join();
    return thread;
  }

  @FunctionalInterface
  private interface Taker {
    void take(ConsumerRecord<byte[], byte[]> record);
  }

  /** Writes what the provider says on; what fails is missed by the client, and counted there. */
  private record Answer(ConsumerRecord<byte[], byte[]> work, KafkaProducer<byte[], byte[]> results)
      implements Callback {
    @Override
    public void onResponse(Call call, Response response) throws IOException {
      try (response) {
        var _ = results.send(new ProducerRecord<>(RESULTS, 0, work.key(), response.body().bytes()));
      }
    }

    @Override
    public void onFailure(Call call, IOException failure) {
      Report.progress("a call failed: " + failure);
    }
  }
}
