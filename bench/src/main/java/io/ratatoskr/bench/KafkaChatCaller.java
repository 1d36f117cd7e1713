package io.ratatoskr.bench;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.ClientConfig;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.chat.ChatEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks through a pipeline, by the client library. */
final class KafkaChatCaller implements ChatCaller {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final int IN_FLIGHT = 8_192;

  private final KafkaRatatoskr client;
  private final String model;
  private final RequestOptions options;

  KafkaChatCaller(String bootstrap, String model, Lane lane) {
    this.client =
        KafkaRatatoskr.connect(ClientConfig.of(bootstrap).withInFlight(IN_FLIGHT, 64L << 20));
    this.model = model;
    this.options = RequestOptions.defaults().withTimeout(TIMEOUT).withLane(lane);
    client.open(lane).join();
  }

  private ChatRequest request(Plan plan) {
    return ChatRequest.of(model, plan.words()).withOptions(options);
  }

  @Override
  public ChatTally.One whole(Plan plan) throws Exception {
    Reading reading = new Reading(plan);
    reading.read(client.chat(request(plan)).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).text());
    return reading.end();
  }

  @Override
  public ChatTally.One streamed(Plan plan) {
    Reading reading = new Reading(plan);
    try (ChatStream<ChatReply> stream = client.chatStream(request(plan))) {
      stream.forEach(reading::take);
    }
    return reading.end();
  }

  @Override
  public long cancelled(Plan plan, int pieces) {
    Reading reading = new Reading(plan);
    try (ChatStream<ChatReply> stream = client.chatStream(request(plan))) {
      Iterator<ChatEvent> events = stream.iterator();
      while (reading.reader.pieces() < pieces) {
        reading.take(events.next());
      }
      long now = System.nanoTime();
      stream.cancel();
      return now;
    }
  }

  @Override
  public ChatTally.One unread(Plan plan, Runnable meanwhile, Runnable atEnd) throws Exception {
    Reading reading = new Reading(plan);
    try (ChatStream<ChatReply> stream = client.chatStream(request(plan))) {
      while (!stream.reply().isDone()) {
        try {
          var _ = stream.reply().get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          meanwhile.run();
        }
      }
      // Until those that brought it have let go of it.
      Thread.sleep(1_000);
      atEnd.run();
      stream.forEach(reading::take);
    }
    return reading.end();
  }

  @Override
  public void close() {
    client.close();
  }

  /** An answer that is read. */
  private static final class Reading {
    private final long begin = System.nanoTime();
    private final List<Double> delays = new ArrayList<>();
    private final PlanReader reader;
    private long first;
    private int restarts;

    Reading(Plan plan) {
      this.reader = new PlanReader(plan, delays);
    }

    void take(ChatEvent event) {
      if (event instanceof ChatEvent.Content content) {
        read(content.text());
      } else if (event instanceof ChatEvent.AttemptAborted) {
        restarts++;
        reader.restart();
      }
    }

    void read(String text) {
      if (first == 0) {
        first = System.nanoTime();
      }
      reader.read(text, ChatCaller.epochMicros());
    }

    ChatTally.One end() {
      return new ChatTally.One(
          reader.isWhole(),
          restarts,
          reader.pieces(),
          (first - begin) / 1e6,
          (System.nanoTime() - begin) / 1e6,
          delays);
    }
  }
}
