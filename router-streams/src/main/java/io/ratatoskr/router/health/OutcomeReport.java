package io.ratatoskr.router.health;

import io.ratatoskr.schemas.wire.OutcomeCounts;

/**
 * What became of a router's attempts at a model of a pool since its last report. Failures are those
 * by the candidate's fault; attempts that were sent before the circuit's present state are not
 * counted.
 *
 * @param successes answers
 * @param failures attempts that failed
 * @param trailingFailures of these, those after the last answer
 * @param others attempts that ended in a way that says nothing about the candidate
 * @param notBeforeMs until when a rate limit asks to leave it alone, in epoch milliseconds; 0 where
 *     none does
 * @param sinceMs the {@code sinceMs} of the standing that the counts are made by
 * @param probesSent probes that the router has sent in all since then
 * @param probesWanted requests that would have been probes, had the router had a permit
 * @param firstToken milliseconds to the first token of streamed answers
 * @param tokensPerSecond tokens of an answer in a second of its execution
 * @param execution milliseconds of execution of answers
 */
record OutcomeReport(
    int successes,
    int failures,
    int trailingFailures,
    int others,
    long notBeforeMs,
    long sinceMs,
    int probesSent,
    int probesWanted,
    Sample firstToken,
    Sample tokensPerSecond,
    Sample execution) {

  static OutcomeReport ofWire(OutcomeCounts wire) {
    return new OutcomeReport(
        wire.getSuccesses(),
        wire.getFailures(),
        wire.getTrailingFailures(),
        wire.getOthers(),
        wire.getNotBeforeMs(),
        wire.getSinceMs(),
        wire.getProbesSent(),
        wire.getProbesWanted(),
        new Sample(wire.getFirstTokens(), wire.getFirstTokenMs()),
        new Sample(wire.getRated(), wire.getTokensPerSecond()),
        new Sample(wire.getExecutions(), wire.getExecutionMs()));
  }

  OutcomeCounts toWire(String router) {
    return OutcomeCounts.newBuilder()
        .setRouter(router)
        .setSuccesses(successes)
        .setFailures(failures)
        .setTrailingFailures(trailingFailures)
        .setOthers(others)
        .setNotBeforeMs(notBeforeMs)
        .setSinceMs(sinceMs)
        .setProbesSent(probesSent)
        .setProbesWanted(probesWanted)
        .setFirstTokens(firstToken.count())
        .setFirstTokenMs(firstToken.mean())
        .setRated(tokensPerSecond.count())
        .setTokensPerSecond(tokensPerSecond.mean())
        .setExecutions(execution.count())
        .setExecutionMs(execution.mean())
        .build();
  }

  /** Attempts that ended. */
  int ended() {
    return successes + failures + others;
  }
}
