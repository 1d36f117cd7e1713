package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.ChatResult;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.chat.ToolCall;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Writes an answer for people: its text to standard output as it comes, everything else to standard
 * error. What a lost attempt wrote is struck out on a terminal, and the next one begins below it.
 */
final class ChatPrinter {
  private static final String DIM = "\u001b[2m";
  private static final String STRUCK = "\u001b[9;2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean colours;
  private final int columns;
  private final StringBuilder shown = new StringBuilder();
  private boolean reasons;

  /**
   * @param colours whether standard output is a terminal that knows them
   * @param columns of that terminal
   */
  ChatPrinter(PrintWriter out, PrintWriter err, boolean colours, int columns) {
    this.out = out;
    this.err = err;
    this.colours = colours;
    this.columns = columns;
  }

  void show(ChatEvent event) {
    switch (event) {
      case ChatEvent.Content content -> {
        endReasoning();
        shown.append(content.text());
        out.print(content.text());
        out.flush();
      }
      case ChatEvent.Reasoning reasoning -> {
        err.print((reasons || !colours ? "" : DIM) + reasoning.text());
        err.flush();
        reasons = true;
      }
      case ChatEvent.AttemptAborted aborted -> strikeOut(aborted.reason());
      case ChatEvent.Started _,
          ChatEvent.ToolCallStart _,
          ChatEvent.ToolCallDelta _,
          ChatEvent.ToolCallEnd _,
          ChatEvent.Usage _,
          ChatEvent.Done _ -> {}
    }
  }

  private void endReasoning() {
    if (reasons) {
      err.println(colours ? PLAIN : "");
      err.flush();
      reasons = false;
    }
  }

  private void strikeOut(String reason) {
    endReasoning();
    if (!shown.isEmpty() && colours) {
      int rows = rows();
      out.print((rows > 1 ? "\u001b[" + (rows - 1) + "A" : "") + "\r\u001b[J");
      out.print(STRUCK + shown + PLAIN);
    }
    if (!shown.isEmpty()) {
      out.println();
      out.flush();
    }
    note("Begins again: " + reason);
    shown.setLength(0);
  }

  /** Rows of the terminal that the text takes. */
  private int rows() {
    int rows = 0;
    for (String line : shown.toString().split("\n", -1)) {
      rows += Math.max(1, (line.length() + columns - 1) / columns);
    }
    return rows;
  }

  /**
   * Ends an answer whose events were shown, or shows one that came as a whole.
   *
   * @param cost of the answer, where prices are known
   */
  void end(ChatResult result, OptionalDouble cost) {
    endReasoning();
    if (shown.isEmpty()) {
      out.print(result.text());
    }
    if (!result.text().isEmpty() && !result.text().endsWith("\n")) {
      out.println();
    }
    out.flush();
    for (ToolCall call : result.answer().toolCalls()) {
      note("Calls the tool %s with %s".formatted(call.name(), call.arguments()));
    }
    note(summary(result, cost));
    shown.setLength(0);
  }

  static String summary(ChatResult result, OptionalDouble cost) {
    Provenance provenance = result.provenance();
    List<String> facts = new ArrayList<>();
    facts.add(
        provenance.displayName().isEmpty()
            ? provenance.model()
            : "%s (%s)".formatted(provenance.displayName(), provenance.model()));
    facts.add(
        provenance.provider() + " (" + provenance.location().name().toLowerCase(Locale.ROOT) + ")");
    provenance.fallbackFrom().ifPresent(wanted -> facts.add("in place of " + wanted));
    if (!provenance.warnings().isEmpty()) {
      facts.add("not to be trusted with " + String.join(", ", provenance.warnings()));
    }
    if (provenance.attempts() > 1) {
      facts.add(provenance.attempts() + " attempts");
    }
    switch (provenance.cache()) {
      case HIT -> facts.add("from the cache");
      case JOINED -> facts.add("with an identical request");
      case NONE -> {}
    }
    TokenUsage usage = result.answer().usage();
    tokens(usage.promptTokens(), "in", facts);
    tokens(usage.completionTokens(), "out", facts);
    cost.ifPresent(amount -> facts.add("%.6f".formatted(amount).replaceFirst("0+$", "")));
    facts.add("%.1f s".formatted(provenance.totalTime().toMillis() / 1e3));
    facts.add(result.answer().finishReason().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return String.join(" · ", facts);
  }

  private static void tokens(OptionalLong number, String direction, List<String> facts) {
    if (number.isPresent()) {
      facts.add(number.getAsLong() + " tokens " + direction);
    }
  }

  private void note(String text) {
    err.println(colours ? DIM + text + PLAIN : text);
    err.flush();
  }
}
