package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.client.Reply;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.KafkaOptions;
import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches the reply to a request that was sent before. */
@Command(
    name = "result",
    description = {
      "Print the answer to a request that was sent before, as the command would that sent it.",
      "",
      "'chat --detach' prints the ID of its request; a chat that loses the pipeline prints it too,"
          + " and programs have it as a Handle. Ctrl-C ends the wait, not the request.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class ResultCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ID", description = "The request's ID.")
  private String id = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Longest wait for an answer that is not there yet. Default: until the request's"
              + " deadline.")
  private @Nullable Integer timeout;

  @Option(
      names = "--json",
      description = "Print the answer as JSON, as --json of the command does that sent it.")
  private boolean json;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Override
  public Integer call() throws InterruptedException {
    Handle handle;
    try {
      handle = Handle.parse(id);
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
    if (timeout != null && timeout < 1) {
      throw misuse("--timeout: at least 1 second, not " + timeout);
    }
    Values values = kafka.values();
    if (!KafkaOptions.named(values)) {
      throw misuse(KafkaOptions.MISSING);
    }
    Configuration configuration = Configuration.of(values);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (KafkaRatatoskr ratatoskr =
        KafkaRatatoskr.connect(configuration.client().withDomain(handle.domain()))) {
      Reply reply = await(ratatoskr.await(handle));
      return new ReplyPrinter(out, err, json, configuration, ReplyPrinter.forms(spec.root()))
          .print(reply);
    } catch (TimeoutException e) {
      err.printf(
          "result: no answer within %d s; the request has until %s, ask again%n",
          timeout, handle.deadline());
      err.flush();
      return ExitCode.FAILED;
    }
  }

  private Reply await(CompletableFuture<Reply> reply)
      throws InterruptedException, TimeoutException {
    if (timeout == null) {
      return Futures.await(reply);
    }
    try {
      return reply.get(timeout, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (FutureFailure.cause(e) instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
