package io.ratatoskr.router.flight;

import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.RequestId;
import org.jspecify.annotations.Nullable;

/** An event that may change a flight. */
public sealed interface Event {

  /**
   * A request arrived.
   *
   * @param facts what its flight would be
   * @param waiter the request as a waiter
   * @param replayed whether it became a waiter when it was read before
   * @param sameId the waiter of the same request id in the present generation, if there is one
   * @param cached a stored answer that may serve it
   * @param refusal why it cannot wait for an inference
   * @param holdUntilMs until when its first candidate wants to be left alone, in epoch
   *     milliseconds; 0 where it can be asked now
   */
  record RequestArrived(
      Flight.Facts facts,
      Waiter waiter,
      boolean replayed,
      @Nullable Waiter sameId,
      @Nullable WorkerAnswer cached,
      @Nullable InferenceError refusal,
      long holdUntilMs)
      implements Event {}

  /**
   * A worker's report of an attempt arrived.
   *
   * @param topic topic of the report
   * @param offset its offset in the task's partition
   * @param generation generation of the flight that the attempt belongs to, from 1
   * @param attempt number of the attempt in that generation, from 1
   * @param link index of the attempt's candidate in the flight's chain, from 0
   * @param source where the request's payload stands
   * @param worker id of the worker
   * @param execution id of its run, unique also among deliveries of one attempt
   * @param outcome what the worker reports
   */
  record ResultArrived(
      String topic,
      long offset,
      int generation,
      int attempt,
      int link,
      Source source,
      String worker,
      String execution,
      Outcome outcome)
      implements Event {}

  /**
   * A client has cancelled a request.
   *
   * @param topic topic of the cancellation
   * @param offset its offset in the task's partition
   * @param domain topic prefix of the request and of its cancellation
   * @param id id of the request
   * @param waiter the request, where it is a waiter of the newest generation
   * @param alone whether nobody else waits in that generation
   * @param incarnation the task's present incarnation
   */
  record CancelArrived(
      String topic,
      long offset,
      Domain domain,
      RequestId id,
      @Nullable Waiter waiter,
      boolean alone,
      long incarnation)
      implements Event {}

  /**
   * The flight's alarm is due.
   *
   * @param dueMs when it was due, in epoch milliseconds
   * @param incarnation the task's present incarnation
   * @param armedIn incarnation that set the alarm
   * @param workerGone whether the worker that runs it has stopped giving signs of life
   * @param modelReady whether a worker of the pool has the model ready
   * @param standIn index of a later candidate that can be asked while nobody of the present one's
   *     pool is alive, or while that one is left alone after a pause; the present one's where there
   *     is none
   * @param askableMs when the present candidate may be asked after a pause, in epoch milliseconds;
   *     0 where nothing is in the way
   */
  record AlarmFired(
      long dueMs,
      long incarnation,
      long armedIn,
      boolean workerGone,
      boolean modelReady,
      int standIn,
      long askableMs)
      implements Event {}

  /** The outcome that a worker reports. */
  sealed interface Outcome {
    /** The worker has taken the attempt and runs it. */
    record Started() implements Outcome {}

    /** The worker has an answer. */
    record Answered(WorkerAnswer answer) implements Outcome {}

    /** Another attempt may succeed. */
    record Retryable(InferenceError error) implements Outcome {}

    /** No further attempt here can succeed. */
    record Rejected(InferenceError error) implements Outcome {}

    /** The model is being loaded. */
    record Loading() implements Outcome {}
  }
}
