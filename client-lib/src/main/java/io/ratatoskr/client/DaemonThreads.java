package io.ratatoskr.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named threads that do not keep a JVM alive. */
final class DaemonThreads implements ThreadFactory {
  private final String name;
  private final AtomicInteger made = new AtomicInteger();

  private DaemonThreads(String name) {
    this.name = name;
  }

  /** One thread for timed work. */
  static ScheduledThreadPoolExecutor scheduler(String name) {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, new DaemonThreads(name));
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }

  /** At most {@code size} threads, which end when there is nothing to do. */
  static ThreadPoolExecutor pool(String name, int size) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DaemonThreads(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
