package io.ratatoskr.bench;

import io.ratatoskr.schemas.Lane;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The process of a client of chats, which does one {@link ChatLoad} after the other. */
final class ChatClient {
  /** Pieces that are read before an answer is cancelled. */
  private static final int BEFORE_CANCEL = 3;

  private ChatClient() {}

  /** The ways that a client asks by. */
  enum Way {
    /** Through a pipeline, in the interactive lane. */
    KAFKA,
    /** Through a pipeline, in the bulk lane. */
    BULK,
    /** Through Kafka, with nothing of ours between. */
    LOOP,
    /** By OkHttp, with every piece checked. */
    HTTP,
    /** By OkHttp, with lines counted alone. */
    BARE
  }

  /** Starts one. */
  static Contender start(String name, Way way, String where, String model, String key) {
    return Contender.start(
        name,
        Contender.bench(
            "contender",
            "chats",
            "--way=" + way,
            "--where=" + where,
            "--model=" + model,
            "--text=" + key));
  }

  /** Has one do something, and returns what came of it. */
  static ChatTally run(Contender client, ChatLoad load) {
    return ChatTally.of(client.command(load.line()));
  }

  static void serve(long start, Way way, String where, String model, String key) throws Exception {
    try (ChatCaller caller =
        switch (way) {
          case KAFKA -> new KafkaChatCaller(where, model, Lane.INTERACTIVE);
          case BULK -> new KafkaChatCaller(where, model, Lane.BULK);
          case LOOP -> new BareChat(where, model);
          case HTTP -> new HttpChatCaller(where, model, key, false);
          case BARE -> new HttpChatCaller(where, model, key, true);
        }) {
      Contender.listen(
          Contender.ready("chats", Map.of("way", way), start),
          line -> run(caller, ChatLoad.of(line)));
    }
  }

  /** Does it in this process. */
  static ChatTally run(ChatCaller caller, ChatLoad load) throws InterruptedException {
    ChatTally.Sum sum = new ChatTally.Sum();
    Semaphore places = new Semaphore(load.concurrency());
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < load.requests(); i++) {
        Plan plan = load.plan().as(i);
        places.acquire();
        threads.execute(() -> {
          try {
            ask(caller, load.kind(), plan, sum);
          } catch (Exception e) {
            sum.addFailed(e);
          } finally {
            places.release();
          }
        });
      }
    }
    return sum.after((System.nanoTime() - begin) / 1e9);
  }

  private static void ask(ChatCaller caller, ChatLoad.Kind kind, Plan plan, ChatTally.Sum sum)
      throws Exception {
    switch (kind) {
      case WHOLE -> sum.add(caller.whole(plan));
      case STREAMED -> sum.add(caller.streamed(plan));
      case CANCELLED -> sum.addCancelled(plan.tag(), caller.cancelled(plan, BEFORE_CANCEL));
      case UNREAD -> sum.add(caller.unread(plan, () -> {}, () -> {}));
      case WEIGHED -> {
        double before = usedHeapMiB();
        sum.add(
            caller.unread(
                plan,
                () -> sum.heap(usedHeapMiB() - before),
                () -> sum.heapAtEnd(usedHeapMiB() - before)));
      }
    }
  }

  private static double usedHeapMiB() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }
}
