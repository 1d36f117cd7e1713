package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.Provenance;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.FinishReason;
import io.ratatoskr.schemas.chat.TextContent;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.chat.ToolCall;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChatPrinterTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private ChatPrinter printer(boolean colours) {
    return new ChatPrinter(new PrintWriter(out), new PrintWriter(err), colours, 10);
  }

  private static ChatReply reply(String text, ToolCall... calls) {
    return new ChatReply(
        new ChatAnswer(
            "llama3.2",
            text.isEmpty() ? List.of() : List.of(new TextContent(text)),
            "",
            List.of(calls),
            calls.length > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP,
            new TokenUsage(
                OptionalLong.of(12),
                OptionalLong.of(34),
                OptionalLong.empty(),
                OptionalLong.empty()),
            ""),
        new Provenance(
            "ollama",
            "llama3.2",
            "",
            "w",
            Location.LOCAL,
            Provenance.CacheUse.NONE,
            Optional.of("gpt-4.1"),
            2,
            Duration.ZERO,
            Duration.ofMillis(1540),
            Duration.ofMillis(1600),
            "",
            "",
            List.of(),
            false));
  }

  @Test
  void text_goesOut_andEverythingElseBeside() {
    ChatPrinter printer = printer(false);
    printer.show(new ChatEvent.Started("ollama", "llama3.2", Location.LOCAL, "named"));
    printer.show(new ChatEvent.Reasoning("Let me see."));
    printer.show(new ChatEvent.Content("Hel"));
    printer.show(new ChatEvent.Content("lo"));
    printer.end(reply("Hello"), OptionalDouble.of(0.0012));

    assertThat(out).hasToString("Hello\n");
    assertThat(err.toString())
        .isEqualTo(
            "Let me see.\n"
                + "llama3.2 · ollama (local) · in place of gpt-4.1 · 2 attempts · 12 tokens in"
                + " · 34 tokens out · 0.0012 · 1.6 s · stop\n");
  }

  @Test
  void anAnswerThatComesAsAWhole_isWrittenWithOneLineEnd() {
    printer(false).end(reply("Hello\n"), OptionalDouble.empty());

    assertThat(out).hasToString("Hello\n");
  }

  @Test
  void toolCalls_areNamed() {
    printer(false)
        .end(reply("", new ToolCall("1", "weather", "{\"in\":\"Oslo\"}")), OptionalDouble.empty());

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("Calls the tool weather with {\"in\":\"Oslo\"}\n");
  }

  @Test
  void aLostAttempt_isStruckOutOnATerminal_andTheNextBeginsBelow() {
    ChatPrinter printer = printer(true);
    printer.show(new ChatEvent.Content("twelve chars\nx"));
    printer.show(new ChatEvent.AttemptAborted("run", "its worker is gone"));
    printer.show(new ChatEvent.Content("Hello"));
    printer.end(reply("Hello"), OptionalDouble.empty());

    assertThat(out.toString())
        .isEqualTo(
            "twelve chars\nx\u001b[2A\r\u001b[J\u001b[9;2mtwelve chars\nx\u001b[0m\nHello\n");
    assertThat(err.toString()).contains("Begins again: its worker is gone");
  }

  @Test
  void reasoning_isDimOnATerminal_untilTheAnswerBegins() {
    ChatPrinter printer = printer(true);
    printer.show(new ChatEvent.Reasoning("a"));
    printer.show(new ChatEvent.Reasoning("b"));
    printer.show(new ChatEvent.Content("c"));

    assertThat(err).hasToString("\u001b[2mab\u001b[0m\n");
  }
}
