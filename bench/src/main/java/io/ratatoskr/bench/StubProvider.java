package io.ratatoskr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * An OpenAI-compatible server that answers as the {@link Plan} in a request says, streamed or
 * whole. One thread over non-blocking sockets, which looks at its clock once a millisecond: so it
 * takes little of what is measured, and says what.
 */
final class StubProvider implements AutoCloseable {
  /** Streams that became due within it are served together. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int BACKLOG = 4096;

  private final ServerSocketChannel server;
  private final Selector selector;
  private final PriorityQueue<StubConnection> due =
      new PriorityQueue<>(Comparator.comparingLong(StubConnection::due));
  private final Map<Long, Long> hungUp = new LinkedHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  // Guarded by this.
  private long pieces;
  private long calls;

  StubProvider() throws IOException {
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    thread = Thread.ofPlatform().daemon().name("stub-provider").start(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + server.socket().getLocalPort() + "/v1";
  }

  private void serve() {
    try {
      while (!closed) {
        long now = System.nanoTime();
        for (StubConnection first = due.peek();
            first != null && first.due() <= now;
            first = due.peek()) {
          due.remove();
          step(first);
        }
        StubConnection next = due.peek();
        if (next == null) {
          selector.select(this::ready, 500);
        } else {
          long wait = Math.max(TICK_NANOS, next.due() - System.nanoTime());
          selector.select(this::ready, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      accept();
    } else if (key.attachment() instanceof StubConnection connection) {
      if (key.isReadable()) {
        read(connection);
      }
      if (key.isValid() && key.isWritable()) {
        step(connection);
      }
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new StubConnection(channel, key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(StubConnection connection) {
    try {
      if (connection.read()) {
        synchronized (this) {
          calls++;
        }
        if (connection.due() > System.nanoTime()) {
          due.add(connection);
        } else {
          step(connection);
        }
      }
    } catch (IOException e) {
      hangUp(connection);
    }
  }

  private void step(StubConnection connection) {
    if (!connection.isOpen()) {
      return;
    }
    try {
      int sent = connection.write();
      synchronized (this) {
        pieces += sent;
      }
      if (connection.isWaiting()) {
        due.add(connection);
      }
    } catch (IOException e) {
      hangUp(connection);
    }
  }

  /** The other side has closed a connection, perhaps in the middle of an answer. */
  private void hangUp(StubConnection connection) {
    long now = System.nanoTime();
    connection
        .answering()
        .ifPresent(plan -> {
          synchronized (this) {
            hungUp.put(plan.tag(), now);
          }
        });
    connection.close();
  }

  /** What it did since the last time: calls, pieces, and when whose answer was hung up on. */
  private synchronized Map<String, Object> told() {
    Map<String, Object> told =
        Map.of("calls", calls, "pieces", pieces, "hungUp", Map.copyOf(hungUp));
    calls = 0;
    pieces = 0;
    hungUp.clear();
    return told;
  }

  /** A process of its own, which tells what it did whenever it is asked. */
  static void serve(long start) throws Exception {
    try (StubProvider provider = new StubProvider()) {
      Contender.listen(
          Contender.ready("provider", Map.of("url", provider.url()), start),
          line -> provider.told());
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    selector.close();
    server.close();
  }
}
