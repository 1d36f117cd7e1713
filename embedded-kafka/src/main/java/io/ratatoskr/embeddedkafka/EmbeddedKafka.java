package io.ratatoskr.embeddedkafka;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.BrokerFailed;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.DataFolderInUse;
import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.StartFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One real Kafka broker (KRaft; broker and controller) in this JVM, ready to serve when {@link
 * #start} returns, about two seconds later.
 *
 * <p>It is a whole Kafka: consumer groups, share groups, transactions, compaction. Internal topics
 * have one replica and few partitions, topics are not created on demand. A fresh data folder
 * becomes a new cluster; an existing one is continued with all its data, under its cluster id, on
 * whatever port is asked for.
 *
 * <p>Where Kafka would end its process (full or failing disk, fatal fault), {@link #failure()}
 * completes instead and the JVM goes on. The broker is of no use then; {@link #close()} it.
 *
 * <p>Kafka logs through SLF4J under {@code kafka}, {@code org.apache.kafka} and {@code
 * state.change}; WARN is a good level for them.
 */
public final class EmbeddedKafka implements AutoCloseable {
  static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Duration LAST_THREADS = Duration.ofSeconds(10);

  private final EmbeddedKafkaConfig config;
  private final DataFolder folder;
  private final ListenSockets sockets;
  private final BrokerThreads threads;
  private final AtomicReference<@Nullable KafkaNode> node = new AtomicReference<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final List<AutoCloseable> watches = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(EmbeddedKafkaConfig config, DataFolder folder, ListenSockets sockets) {
    this.config = config;
    this.folder = folder;
    this.sockets = sockets;
    this.threads = new BrokerThreads("embedded-kafka-" + sockets.clientsPort(), this::fail);
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @throws EmbeddedKafkaException telling why there is none: folder unusable or in use, address in
   *     use, or anything that Kafka stumbles over
   */
  public static EmbeddedKafka start(EmbeddedKafkaConfig config) {
    long begin = System.nanoTime();
    DataFolder folder = DataFolder.hold(config.dataFolder());
    try {
      folder.formatIfNew(BrokerProperties.NODE_ID, ListenSockets.CONTROLLER);
      EmbeddedKafka kafka =
          new EmbeddedKafka(
              config,
              folder,
              ListenSockets.bind(config.listener().host(), config.listener().port()));
      kafka.startNode();
      LOG.info(
          "Kafka is up on {} after {} ms, its data in {}",
          kafka.bootstrapServers(),
          (System.nanoTime() - begin) / 1_000_000,
          kafka.dataFolder());
      return kafka;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Deletes the data folder of a broker that is closed, and all in it.
   *
   * @throws DataFolderInUse if a broker uses it
   * @throws EmbeddedKafkaException.BadDataFolder if it can't be deleted or holds no broker's data
   */
  public static void delete(Path dataFolder) {
    DataFolder.delete(dataFolder);
  }

  private void startNode() {
    try {
      threads.call(
          "embedded-kafka-start",
          () -> {
            KafkaNode started =
                new KafkaNode(
                    BrokerProperties.of(config, folder.path(), sockets), sockets, this::fail);
            node.set(started);
            started.start();
            return started;
          });
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      stopNode();
      sockets.close();
      // A Kafka that was not started by this module holds no lock of ours, but its own.
      if (String.valueOf(cause.getMessage()).contains("Failed to acquire lock on file .lock")) {
        throw new DataFolderInUse(folder.path());
      }
      throw new StartFailed(folder.path(), cause);
    }
  }

  private void stopNode() {
    KafkaNode running = node.getAndSet(null);
    if (running == null) {
      return;
    }
    try {
      threads.call(
          "embedded-kafka-stop",
          () -> {
            running.stop();
            return running;
          });
    } catch (ExecutionException e) {
      LOG.warn("Kafka on {} did not stop cleanly", folder.path(), e.getCause());
    }
  }

  private void fail(String reason) {
    complete(new BrokerFailed(folder.path(), reason));
  }

  private void fail(String reason, Throwable cause) {
    complete(new BrokerFailed(folder.path(), reason, cause));
  }

  /**
   * Reports the failure on a thread that {@link #close()} does not wait for, since listeners may
   * call that.
   */
  private void complete(BrokerFailed failed) {
    if (closed.get() || failure.isDone()) {
      return;
    }
    Thread.ofVirtual().name("embedded-kafka-failure").start(() -> failure.complete(failed));
  }

  /** {@code host:port} for clients' {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return config.listener().host() + ":" + sockets.clientsPort();
  }

  /** The port that clients connect to. */
  public int port() {
    return sockets.clientsPort();
  }

  /** The folder with the broker's data, an absolute path. It stays when the broker is closed. */
  public Path dataFolder() {
    return folder.path();
  }

  /** The cluster's id, made with the data folder. */
  public String clusterId() {
    KafkaNode running = node.get();
    if (running == null) {
      throw new IllegalStateException("The broker on " + folder.path() + " is closed");
    }
    return running.clusterId();
  }

  /** Completes with a {@link BrokerFailed} when the running broker gives up; otherwise never. */
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  /** The names of the threads that this broker runs; empty after {@link #close()}. */
  public List<String> threads() {
    return threads.alive();
  }

  /**
   * Calls {@code listener} when the disk of the data folder has less than {@link
   * EmbeddedKafkaConfig.Disk#minFreeBytes()} to spare, while there is still time to stop writing,
   * and again when there is more; looks each second until the broker is closed.
   */
  public void watchFreeSpace(FreeSpaceListener listener) {
    watchFreeSpace(FreeSpace.of(folder.path()), listener);
  }

  /** As {@link #watchFreeSpace(FreeSpaceListener)}, with another reading of the free space. */
  public void watchFreeSpace(FreeSpace reading, FreeSpaceListener listener) {
    watches.add(new FreeSpaceWatch(reading, config.disk().minFreeBytes(), listener));
  }

  /** Stops the broker and all its threads; data stays. Takes well under a second when idle. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (AutoCloseable watch : watches) {
      closeQuietly(watch);
    }
    stopNode();
    // Kafka shuts its pools down without waiting for their last workers.
    threads.awaitEnd(LAST_THREADS);
    sockets.close();
    folder.close();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("Closing {} failed", closeable, e);
    }
  }
}
