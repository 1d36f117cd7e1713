package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.BatchReply;
import io.ratatoskr.client.ChatResult;
import io.ratatoskr.client.Reply;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.ProviderOptions;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints a reply as the command does that asks for such: the answer to standard output, everything
 * else to standard error.
 *
 * @param json whether as JSON also where a command has another form
 * @param configuration knows prices
 * @param forms of replies that hold items
 */
record ReplyPrinter(
    PrintWriter out,
    PrintWriter err,
    boolean json,
    Configuration configuration,
    List<ItemForm<?, ?>> forms) {

  ReplyPrinter {
    forms = List.copyOf(forms);
  }

  /** The forms that a program's commands have. */
  static List<ItemForm<?, ?>> forms(CommandSpec program) {
    return program.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .map(CommandSpec::userObject)
        .filter(ItemForm.Known.class::isInstance)
        .<ItemForm<?, ?>>map(command -> ((ItemForm.Known) command).form())
        .toList();
  }

  /**
   * Prints it.
   *
   * @return the command's exit status
   * @throws io.ratatoskr.client.RequestFailedException if the one item that was asked about failed
   */
  int print(Reply reply) {
    int exitCode =
        switch (reply) {
          case ChatResult answer -> {
            print(answer);
            yield ExitCode.WHOLE;
          }
          case BatchReply<?> items -> form(items).print(items, out, err, json);
        };
    out.flush();
    err.flush();
    return exitCode;
  }

  private ItemForm<?, ?> form(BatchReply<?> reply) {
    return forms.stream()
        .filter(form -> form.type().isInstance(reply))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("no command prints a " + reply.getClass().getName()));
  }

  private void print(ChatResult answer) {
    if (json) {
      out.println(ChatJson.of(answer, JsonMapper.shared()));
    } else {
      new ChatPrinter(out, err, false, 80).end(answer, ProviderOptions.cost(configuration, answer));
    }
  }
}
