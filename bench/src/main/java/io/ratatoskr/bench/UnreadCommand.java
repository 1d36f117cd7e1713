package io.ratatoskr.bench;

import io.ratatoskr.schemas.Lane;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "unread",
    description =
        "What a stream that nobody reads costs its client in heap, and the other streams of that"
            + " client in latency.",
    mixinStandardHelpOptions = true)
final class UnreadCommand implements Callable<Integer> {
  /** An answer has at most 3 MiB of text. */
  private static final int ANSWER_BYTES = 2_800_000;

  private static final int PIECE_BYTES = 1_000;
  private static final int OTHERS_RATE = 10;

  @Option(
      names = "--megabytes",
      description = "That arrive unread, in streams one after another. Default: ${DEFAULT-VALUE}")
  private int megabytes = 100;

  @Option(
      names = "--rate",
      description = "Pieces of a kilobyte a second. Default: ${DEFAULT-VALUE}")
  private int rate = 2_000;

  @Option(names = "--others", description = "Other streams at once. Default: ${DEFAULT-VALUE}")
  private int others = 20;

  private boolean flawless = true;

  @Override
  public Integer call() throws Exception {
    int pieces = ANSWER_BYTES / PIECE_BYTES;
    int streams = Math.ceilDiv(megabytes * 1_000_000, ANSWER_BYTES);
    int seconds = Math.ceilDiv(streams * pieces, rate);
    // A piece is its number, so many other characters, and a blank.
    Plan large = Plan.counting(pieces, rate).paddedBy(PIECE_BYTES - 5);
    Plan small = Plan.counting(OTHERS_RATE * seconds, OTHERS_RATE).withStamps();
    Report report =
        new Report(
            "A stream that nobody reads, while %d MB arrive".formatted(megabytes),
            "unread --megabytes %d --rate %d --others %d".formatted(megabytes, rate, others),
            "what",
            "value");
    try (ChatPipeline pipeline = ChatPipeline.start(256);
        ChatCaller caller =
            new KafkaChatCaller(pipeline.bootstrap(), ChatPipeline.MODEL, Lane.INTERACTIVE)) {
      beside(caller, ChatLoad.unread(2, large), small);
      Report.progress("warm");
      ChatTally heap = ChatClient.run(caller, ChatLoad.weighed(streams, large));
      flawless &= heap.isFlawless();
      report
          .row(
              "heap after collections above that before, while it arrives: most, MiB; bar: 8",
              Report.number(heap.heapMiB()))
          .row(
              "the same, when the answer of %s MB is there as well"
                  .formatted(Report.number(ANSWER_BYTES / 1e6)),
              Report.number(heap.heapAtEndMiB()));
      Samples alone = beside(caller, null, small);
      Samples unread = beside(caller, ChatLoad.unread(streams, large), small);
      Samples read = beside(caller, ChatLoad.streamed(streams, 1, large), small);
      report
          .row(piece("alone"), both(alone))
          .row(piece("beside the unread"), both(unread))
          .row(piece("beside the same streams, read"), both(read))
          .row(
              "p99 beside the unread ÷ alone; bar: 1.5",
              Report.number(unread.quantile(0.99) / alone.quantile(0.99)))
          .row(
              "p99 beside the unread ÷ beside the same, read",
              Report.number(unread.quantile(0.99) / read.quantile(0.99)));
    }
    report
        .note(
            "The unread arrive as %d streams of %s MB, one after another, since an answer has at"
                    .formatted(streams, Report.number(ANSWER_BYTES / 1e6))
                + " most 3 MiB; each is read at its end, and was held until then. One client, one"
                + " inbox; provider, broker, router and worker are a process each.")
        .print();
    return flawless ? 0 : 1;
  }

  private String piece(String where) {
    return "%d other streams at %d tokens a second, %s: provider to reader, p50; p99, ms"
        .formatted(others, OTHERS_RATE, where);
  }

  private static String both(Samples samples) {
    return "%s; %s"
        .formatted(Report.number(samples.median()), Report.number(samples.quantile(0.99)));
  }

  /** What the pieces of the other streams take, while something else goes on or nothing. */
  private Samples beside(ChatCaller caller, @Nullable ChatLoad load, Plan small) {
    CompletableFuture<ChatTally> running =
        load == null
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.supplyAsync(() -> run(caller, load), Thread::startVirtualThread);
    ChatTally tally = run(caller, ChatLoad.streamed(others, others, small));
    flawless &= tally.isFlawless();
    ChatTally beside = running.join();
    flawless &= beside == null || beside.isFlawless();
    return new Samples(tally.delays());
  }

  private static ChatTally run(ChatCaller caller, ChatLoad load) {
    try {
      return ChatClient.run(caller, load);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
