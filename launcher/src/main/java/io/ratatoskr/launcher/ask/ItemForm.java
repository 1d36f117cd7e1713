package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.BatchReply;
import io.ratatoskr.client.BatchReply.ItemFailure;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.launcher.command.ExitCode;
import java.io.PrintWriter;
import java.util.List;

/**
 * The form in which the replies of one kind are printed: an answer for each item to standard
 * output, a line for each that failed to standard error.
 *
 * @param type the class of the replies
 * @param success the class of outcomes that are no failure
 * @param line prints one of these
 */
record ItemForm<R extends BatchReply<?>, T>(Class<R> type, Class<T> success, Line<R, T> line) {

  /** Has a form for the replies of what it asks. */
  interface Known {
    ItemForm<?, ?> form();
  }

  /** Prints the answer to one item. */
  @FunctionalInterface
  interface Line<R, T> {
    /**
     * Prints it.
     *
     * @param json whether as JSON also where there is another form
     */
    void print(T item, R reply, PrintWriter out, boolean json);
  }

  /**
   * Prints a reply.
   *
   * @param any of this form's type
   * @return the command's exit status
   * @throws RequestFailedException if the one item that was asked about failed
   */
  int print(BatchReply<?> any, PrintWriter out, PrintWriter err, boolean json) {
    R reply = type.cast(any);
    Provenance by = reply.provenance();
    if (by.llm()) {
      err.printf(
          "%s at %s, a language model, was asked by a prompt%s%n",
          by.model(),
          by.provider(),
          by.fallbackFrom().map(wanted -> ", in place of " + wanted).orElse(""));
    }
    if (reply.items().size() == 1) {
      line.print(reply.success(success), reply, out, json);
      return ExitCode.WHOLE;
    }
    int exitCode = ExitCode.WHOLE;
    List<?> items = reply.items();
    for (int i = 0; i < items.size(); i++) {
      Object item = items.get(i);
      if (item instanceof ItemFailure failed) {
        err.printf(
            "Item %d: %s: %s%n", i + 1, failed.error().code().wireName(), failed.error().message());
        exitCode = ExitCode.ERROR_LINES;
      } else {
        line.print(success.cast(item), reply, out, json);
      }
    }
    return exitCode;
  }
}
