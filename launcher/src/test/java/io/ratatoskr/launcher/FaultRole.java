package io.ratatoskr.launcher;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.EmbedRequest;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.OnClientLoss;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.embeddedkafka.EmbeddedKafka;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaConfig;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.settings.Values;
import io.ratatoskr.testkit.ChildJvm.Command;
import io.ratatoskr.worker.HashEngine;
import io.ratatoskr.worker.Worker;
import io.ratatoskr.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The parts of a pipeline without a model, each as a process to be killed and frozen. */
enum FaultRole {
  /** A broker: folder, port. */
  BROKER {
    @Override
    void run(String... args) throws InterruptedException {
      EmbeddedKafka kafka =
          EmbeddedKafka.start(
              EmbeddedKafkaConfig.in(Path.of(args[0]))
                  .listeningOn("localhost", Integer.parseInt(args[1])));
      serve(kafka.port());
    }
  },

  /** A worker that embeds by hashing: bootstrap, id, cost of a text. */
  WORKER {
    @Override
    void run(String... args) throws InterruptedException {
      WorkerConfig config =
          WorkerConfig.of(
              Values.of(
                  WorkerConfig.settings(),
                  Map.of(
                      "kafka.bootstrap",
                      args[0],
                      "workers.pool",
                      WorkerKind.EMBED.usualPool(),
                      "workers.id",
                      args[1])));
      try (HashEngine engine = HashEngine.costing(Duration.parse(args[2]));
          Worker worker = Worker.start(config, engine, new SimpleMeterRegistry())) {
        serve(worker.id());
      }
    }
  },

  /** A client that sends bulk requests and never looks at the answers: bootstrap, prefix, count. */
  CLIENT {
    @Override
    void run(String... args) throws InterruptedException {
      int count = Integer.parseInt(args[2]);
      try (KafkaRatatoskr client =
          KafkaRatatoskr.connect(ClientConfig.of(args[0]).withInFlight(count, 16L << 20))) {
        RequestOptions bulk =
            RequestOptions.defaults().withLane(Lane.BULK).withTimeout(Duration.ofMinutes(5));
        for (int i = 0; i < count; i++) {
          var _ = client.embed(EmbedRequest.of(HashEngine.MODEL, args[1] + i).withOptions(bulk));
        }
        serve(count);
      }
    }
  },

  /**
   * A client that streams a chat, and says its handle when text has come: bootstrap, model, what
   * becomes of it when the client is lost, prompt.
   */
  CHATTER {
    @Override
    void run(String... args) throws InterruptedException {
      RequestOptions options =
          RequestOptions.defaults()
              .withTimeout(Duration.ofMinutes(5))
              .withOnClientLoss(OnClientLoss.valueOf(args[2]));
      try (KafkaRatatoskr client =
              KafkaRatatoskr.connect(ClientConfig.of(args[0]).withLease(Duration.ofSeconds(3)));
          ChatStream<ChatReply> stream =
              client.chatStream(ChatRequest.of(args[1], args[3]).withOptions(options))) {
        Iterator<ChatEvent> events = stream.iterator();
        while (!(events.next() instanceof ChatEvent.Content)) {
          // Until the answer has begun.
        }
        serve(stream.handle().orElseThrow());
      }
    }
  };

  /** Length of the workers' vectors, as {@link HashEngine#costing} has it. */
  static final int DIMENSIONS = 8;

  abstract void run(String... args) throws InterruptedException;

  private static void serve(Object what) throws InterruptedException {
    System.out.println("serving " + what);
    new CountDownLatch(1).await();
  }

  /** The command that runs this role until it is killed. */
  Command command(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = name();
    System.arraycopy(args, 0, all, 1, args.length);
    return Command.of(FaultRole.class, all);
  }

  /** Runs a role: its name, its arguments. */
  public static void main(String[] args) throws InterruptedException {
    valueOf(args[0]).run(Arrays.copyOfRange(args, 1, args.length));
  }
}
