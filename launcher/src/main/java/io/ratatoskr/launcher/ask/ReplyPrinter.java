package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.BatchReply;
import io.ratatoskr.client.BatchReply.ItemFailure;
import io.ratatoskr.client.ChatResult;
import io.ratatoskr.client.ClassifyReply;
import io.ratatoskr.client.EmbedReply;
import io.ratatoskr.client.NliReply;
import io.ratatoskr.client.Reply;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.StanceReply;
import io.ratatoskr.client.TokenizeReply;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.ProviderOptions;
import java.io.PrintWriter;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints a reply as the command does that asks for such: the answer to standard output, everything
 * else to standard error.
 *
 * @param json whether as JSON also where a command has another form
 * @param configuration knows prices
 */
record ReplyPrinter(PrintWriter out, PrintWriter err, boolean json, Configuration configuration) {

  /**
   * Prints it.
   *
   * @return the command's exit status
   * @throws RequestFailedException if the one item that was asked about failed
   */
  int print(Reply reply) {
    int exitCode =
        switch (reply) {
          case ChatResult answer -> {
            print(answer);
            yield ExitCode.WHOLE;
          }
          case EmbedReply vectors ->
              each(
                  vectors,
                  EmbedReply.Embedded.class,
                  item -> out.println(EmbedCommand.row(item.vector(), vectors)));
          case NliReply judged ->
              each(
                  judged,
                  NliReply.Scored.class,
                  item -> NliCommand.judgement(item, judged.model()).print(out, json));
          case ClassifyReply judged ->
              each(
                  judged,
                  ClassifyReply.Scored.class,
                  item -> ClassifyCommand.judgement(item, judged.model()).print(out, json));
          case StanceReply judged ->
              each(
                  judged,
                  StanceReply.Scored.class,
                  item -> StanceCommand.judgement(item, judged.model()).print(out, json));
          case TokenizeReply counted ->
              each(counted, TokenizeReply.Counted.class, item -> print(item, counted));
        };
    out.flush();
    err.flush();
    return exitCode;
  }

  private void print(ChatResult answer) {
    if (json) {
      out.println(ChatJson.of(answer, JsonMapper.shared()));
    } else {
      new ChatPrinter(out, err, false, 80).end(answer, ProviderOptions.cost(configuration, answer));
    }
  }

  private void print(TokenizeReply.Counted counted, TokenizeReply reply) {
    out.println(
        json
            ? JsonMapper.shared()
                .createObjectNode()
                .put("count", counted.count())
                .put("model", reply.model())
                .put("approximate", reply.approximate())
                .toString()
            : Integer.toString(counted.count()));
  }

  private <O, T> int each(BatchReply<O> reply, Class<T> success, Consumer<T> print) {
    if (reply.items().size() == 1) {
      print.accept(reply.success(success));
      return ExitCode.WHOLE;
    }
    int exitCode = ExitCode.WHOLE;
    for (int i = 0; i < reply.items().size(); i++) {
      O item = reply.items().get(i);
      if (item instanceof ItemFailure failed) {
        err.printf(
            "Item %d: %s: %s%n", i + 1, failed.error().code().wireName(), failed.error().message());
        exitCode = ExitCode.ERROR_LINES;
      } else {
        print.accept(success.cast(item));
      }
    }
    return exitCode;
  }
}
