package io.ratatoskr.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Asks for answers by one way. For any thread; its methods block. */
interface ChatCaller extends AutoCloseable {

  /** Asks for an answer in one piece, and checks it. */
  ChatTally.One whole(Plan plan) throws Exception;

  /** Streams an answer, and checks it as it comes. */
  ChatTally.One streamed(Plan plan) throws Exception;

  /**
   * Streams an answer, and cancels it after that many pieces.
   *
   * @return when it was cancelled, by {@link System#nanoTime}
   */
  long cancelled(Plan plan, int pieces) throws Exception;

  /**
   * Streams an answer, and reads it when all of it has come.
   *
   * @param meanwhile runs now and then until that
   * @param atEnd runs before it is read
   */
  ChatTally.One unread(Plan plan, Runnable meanwhile, Runnable atEnd) throws Exception;

  @Override
  void close();

  static long epochMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
