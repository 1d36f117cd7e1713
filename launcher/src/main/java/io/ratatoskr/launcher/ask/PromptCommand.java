package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.PipelineFolder;
import io.ratatoskr.client.ChatCall;
import io.ratatoskr.client.ChatResult;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.Handle;
import io.ratatoskr.client.OnClientLoss;
import io.ratatoskr.client.PipelineUnreachableException;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestFailedException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.Submitted;
import io.ratatoskr.launcher.command.Interruption;
import io.ratatoskr.launcher.command.ProviderOptions;
import io.ratatoskr.policy.name.ModelName;
import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A command that asks a language model and shows the answer as it is made. */
abstract class PromptCommand implements Callable<Integer> {
  static final String IN_THIS_PROCESS =
      "Without --bootstrap a broker, the router and a worker run in this process and are gone at "
          + "its end. Providers are those of the configuration, or the server at --base-url.";

  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description = "What is asked; - or nothing reads standard input.")
  private @Nullable String text;

  @Mixin private ProviderOptions providers = new ProviderOptions();

  @Option(
      names = "--model",
      paramLabel = "ID",
      description =
          "Who is asked: a model, an alias, a preset as ratatoskr:TIER/SLOT, or auto for the one"
              + " that suits best. Default: the first one of the configuration's providers; auto"
              + " with --bootstrap.")
  private @Nullable String model;

  @Option(
      names = "--provider",
      paramLabel = "POOL",
      description = "The pool that alone may answer.")
  private String provider = "";

  @Option(
      names = "--task-class",
      paramLabel = "CLASS",
      description =
          "Class of the task, by which auto chooses, such as code-generation; else it is found from"
              + " what is asked. See docs/routing.md.")
  private String taskClass = "";

  @Option(names = "--system", paramLabel = "TEXT", description = "Instructions above it all.")
  private @Nullable String system;

  @Option(names = "--temperature", paramLabel = "N", description = "0 to 2; 0 is the steadiest.")
  private @Nullable Double temperature;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Most tokens of the answer.")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--json",
      description = "Print the whole answer as JSON: text, reasoning, tool calls, usage, who.")
  private boolean json;

  @Mixin private RemoteOption remote = new RemoteOption();

  @Option(
      names = "--detach",
      description =
          "Send what is asked to the pipeline at --bootstrap, print its ID and end: 'ratatoskr"
              + " result ID' fetches the answer.")
  private boolean detach;

  @Option(
      names = "--on-client-loss",
      paramLabel = "WHAT",
      description =
          "continue, or cancel: what becomes of the request when this process is killed or cut off."
              + " Default: continue")
  private OnClientLoss onClientLoss = OnClientLoss.CONTINUE;

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  private final AtomicReference<@Nullable Runnable> stop = new AtomicReference<>();

  /** A pipeline that can be asked. */
  final class Asking {
    private final Ratatoskr ratatoskr;
    private final Configuration configuration;
    private final boolean live;
    private final String model;
    private final ChatPrinter printer;
    private Supplier<Optional<Handle>> handle = Optional::empty;

    private Asking(Ratatoskr ratatoskr, Configuration configuration, String model) {
      this.ratatoskr = ratatoskr;
      this.configuration = configuration;
      this.model = model;
      this.live = !json && Terminal.outIsTerminal();
      boolean colours =
          live && !Terminal.isDumb(System.getenv()) && !Terminal.colourless(System.getenv());
      this.printer = new ChatPrinter(out(), err(), colours, live ? Terminal.columns() : 80);
    }

    /** The model that is asked first. */
    String model() {
      return model;
    }

    /** Asks, shows the answer and returns it. */
    <R extends ChatResult> R ask(ChatCall<R> request) throws InterruptedException {
      R result;
      try {
        result = live ? show(request) : whole(request);
      } catch (RequestFailedException e) {
        lost(e.error().code() == ErrorCode.EXPIRED);
        throw RemoteOption.named(e);
      } catch (PipelineUnreachableException e) {
        lost(true);
        throw e;
      }
      stop.set(null);
      if (json) {
        ObjectNode answer = ChatJson.of(result, JsonMapper.shared());
        if (pipeline.bootstrap() != null) {
          handle.get().ifPresent(id -> answer.put("id", id.toString()));
        }
        out().println(answer);
        out().flush();
      } else {
        printer.end(result, ProviderOptions.cost(configuration, result));
      }
      return result;
    }

    /** Says how to find the answer of a request that may go on without this process. */
    private void lost(boolean mayGoOn) {
      if (mayGoOn && pipeline.bootstrap() != null) {
        handle.get().ifPresent(id -> err().println("Its answer, once it is there: " + fetch(id)));
        err().flush();
      }
    }

    /** Sends a request without waiting for its answer, and prints its ID. */
    void send(ChatCall<?> request) throws InterruptedException {
      Handle id = Futures.await(ratatoskr.submit(request).handle());
      if (json) {
        out().println(JsonMapper.shared().createObjectNode().put("id", id.toString()));
      } else {
        out().println(id);
        err().println("Its answer: " + fetch(id));
      }
      out().flush();
      err().flush();
    }

    private String fetch(Handle id) {
      return "ratatoskr result " + id + " --bootstrap " + pipeline.bootstrap();
    }

    private <R extends ChatResult> R show(ChatCall<R> request) throws InterruptedException {
      try (ChatStream<R> stream = ratatoskr.stream(request)) {
        handle = stream::handle;
        stop.set(stream::cancel);
        for (ChatEvent event : stream) {
          printer.show(event);
        }
        return Futures.await(stream.reply());
      }
    }

    private <R extends ChatResult> R whole(ChatCall<R> request) throws InterruptedException {
      Submitted<R> submitted = ratatoskr.submit(request);
      handle =
          () ->
              submitted.handle().isDone() && !submitted.handle().isCompletedExceptionally()
                  ? Optional.of(submitted.handle().join())
                  : Optional.empty();
      stop.set(() -> submitted.reply().cancel(false));
      return Futures.await(submitted.reply());
    }
  }

  /** Reads what is asked, and refuses what cannot be, before anything starts. */
  abstract void prepare() throws IOException;

  /** Asks whatever the command is for. */
  abstract int ask(Asking asking, RequestOptions options) throws InterruptedException, IOException;

  @Override
  public final Integer call() throws InterruptedException, IOException {
    Configuration configuration = providers.over(pipeline.configuration());
    boolean own = pipeline.bootstrap() == null;
    if (!own && providers.baseUrl() != null) {
      throw misuse(
          "--base-url: the pipeline at --bootstrap has its own providers; leave one of them out");
    }
    if (own && detach) {
      throw misuse(
          "--detach: the pipeline of this process ends with it; name another with --bootstrap");
    }
    if (detach && onClientLoss == OnClientLoss.CANCEL) {
      throw misuse("--detach ends this process: --on-client-loss cancel would cancel the request");
    }
    if (own) {
      ProviderOptions.require(configuration);
    }
    String first = firstModel(configuration);
    chatOptions();
    prepare();
    Path folder = own ? PipelineFolder.temporary() : null;
    RequestOptions options =
        pipeline
            .label(RequestOptions.defaults())
            .withTimeout(Duration.ofMinutes(10))
            .withOnClientLoss(onClientLoss)
            .withProvider(provider)
            .withTaskClass(taskClass)
            .withDataPolicy(remote.dataPolicy());
    try (Ratatoskr ratatoskr = pipeline.openProviders(folder, options.lane(), configuration);
        Interruption _ = Interruption.of(this::cancel, LAST_WORDS)) {
      return ask(new Asking(ratatoskr, configuration, first), options);
    }
  }

  private String firstModel(Configuration configuration) {
    if (model != null) {
      return model;
    }
    if (pipeline.bootstrap() != null) {
      return ModelName.AUTO;
    }
    return ProviderOptions.defaultModel(configuration);
  }

  private void cancel() {
    Runnable running = stop.get();
    if (running != null) {
      running.run();
    }
  }

  /** What is asked: the argument, else all of standard input. */
  final String text() throws IOException {
    if (text != null && !text.equals("-")) {
      return text;
    }
    String read = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    if (read.isEmpty()) {
      throw misuse("give a TEXT, or something on standard input");
    }
    return read;
  }

  /** Whether the answer is not waited for. */
  final boolean detaches() {
    return detach;
  }

  final boolean hasText() {
    return text != null;
  }

  final @Nullable String system() {
    return system;
  }

  final ChatOptions chatOptions() {
    ChatOptions.Builder options = ChatOptions.builder();
    if (temperature != null) {
      options.temperature(temperature);
    }
    if (maxTokens != null) {
      options.maxTokens(maxTokens);
    }
    return options.build();
  }

  final ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
