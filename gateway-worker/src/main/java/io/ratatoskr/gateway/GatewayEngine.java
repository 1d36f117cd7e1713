package io.ratatoskr.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.Location;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.GenerateInput;
import io.ratatoskr.schemas.wire.ChatReply;
import io.ratatoskr.schemas.wire.ChatRequest;
import io.ratatoskr.schemas.wire.GenerateReply;
import io.ratatoskr.schemas.wire.GenerateRequest;
import io.ratatoskr.worker.Engine;
import io.ratatoskr.worker.Outcome;
import io.ratatoskr.worker.Prepared;
import io.ratatoskr.worker.Run;
import io.ratatoskr.worker.ServedModel;
import io.ratatoskr.worker.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine of chat and generate workers: asks one provider, which is paid by the call. Of an
 * Ollama server it announces the models that the server has, unless some are configured, and says
 * of them that they are unavailable while the server does not answer.
 */
public final class GatewayEngine implements Engine<GatewayEngine.Asked> {
  /** The capabilities of this engine. */
  public static final Set<Capability> CAPABILITIES = Set.of(Capability.CHAT, Capability.GENERATE);

  private static final String REASON = "the request names it";

  private static final String LATEST = ":latest";

  private final ProviderClient client;
  private final @Nullable OllamaWatch watch;
  private final Codec<ChatRequest> chats;
  private final Codec<ChatReply> chatReplies;
  private final Codec<GenerateRequest> generations;
  private final Codec<GenerateReply> generateReplies;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("provider-", 0).factory());

  /**
   * What the provider is asked.
   *
   * @param capability how the answer travels
   * @param model the provider's name of it
   */
  record Asked(Capability capability, String model, ChatInput input) {}

  private GatewayEngine(ProviderClient client, @Nullable OllamaWatch watch, SchemaIds ids) {
    this.client = client;
    this.watch = watch;
    this.chats = Codec.of(ChatRequest.class, ids);
    this.chatReplies = Codec.of(ChatReply.class, ids);
    this.generations = Codec.of(GenerateRequest.class, ids);
    this.generateReplies = Codec.of(GenerateReply.class, ids);
  }

  /**
   * An engine that asks this provider. It opens no connection before it is asked.
   *
   * @param ids schema ids of requests and replies
   * @param meters where the provider's meters are
   */
  public static GatewayEngine of(ProviderConfig provider, SchemaIds ids, MeterRegistry meters) {
    return of(provider, ids, meters, OllamaWatch.PROBE_EVERY);
  }

  static GatewayEngine of(
      ProviderConfig provider, SchemaIds ids, MeterRegistry meters, Duration probeEvery) {
    ProviderClient client = ProviderClient.of(provider, meters, Clock.systemUTC());
    OllamaWatch watch =
        provider.type() == ProviderType.OLLAMA
            ? OllamaWatch.start(client, probeEvery, OllamaWatch.DISCOVER_EVERY, change -> {})
            : null;
    return new GatewayEngine(client, watch, ids);
  }

  /**
   * An engine without a provider. It holds the role: requests for it are answered at once, with
   * what to do, and do not wait for their deadline.
   */
  public static Engine<?> withoutProvider() {
    return Engine.refusing(
        CAPABILITIES,
        true,
        capability ->
            InferenceError.noProvider(
                capability.topicName(),
                "No provider is configured for %s; name one in [providers.NAME], or give --base-url"
                    .formatted(capability.topicName())));
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<ServedModel> models() {
    boolean away = watch != null && watch.health().health() == HealthState.Health.UNHEALTHY;
    return names()
        .map(name ->
            away
                ? ServedModel.unavailable(
                    name, "%s does not answer".formatted(client.config().baseUrl()))
                : new ServedModel(
                    name,
                    ServedModel.Readiness.READY,
                    null,
                    "",
                    "",
                    0,
                    client.config().model(name).context().orElse(0)))
        .toList();
  }

  /** What can be asked for; a model's name with tag latest has a short form. */
  private Stream<String> names() {
    if (watch == null || !client.config().models().isEmpty()) {
      return client.config().models().stream().map(ProviderModel::id);
    }
    return watch.models().stream()
        .map(OllamaModel::name)
        .flatMap(name ->
            name.endsWith(LATEST)
                ? Stream.of(name.substring(0, name.length() - LATEST.length()), name)
                : Stream.of(name));
  }

  /** Always: a request for what is unavailable is told so, and does not wait. */
  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public boolean claims() {
    return true;
  }

  @Override
  public Prepared<Asked> prepare(Work work) {
    ChatInput input =
        work.capability() == Capability.CHAT
            ? ChatInput.ofWire(chats.decode(work.payload(), work.schema()))
            : GenerateInput.ofWire(generations.decode(work.payload(), work.schema())).asChat();
    return new Prepared.Ready<>(new Asked(work.capability(), work.model(), input), 1);
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<Asked>> runs, Lane lane) {
    return runs.stream().map(this::start).toList();
  }

  private CompletableFuture<Outcome> start(Run<Asked> run) {
    Asked asked = run.task();
    ProviderCall call =
        client.call(
            new ProviderRequest(
                asked.input(), asked.model(), run.events().isWanted(), run.deadline(), REASON));
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        outcome.complete(outcome(asked, call.run(run.events()::accept)));
      } catch (RuntimeException | Error e) {
        outcome.completeExceptionally(e);
      }
    });
    // Whoever completes it from outside withdraws the request: nobody shall pay for the rest.
    var _ = outcome.whenComplete((_, _) -> call.cancel());
    return outcome;
  }

  private Outcome outcome(Asked asked, ProviderOutcome outcome) {
    return switch (outcome) {
      case ProviderOutcome.Answered answered ->
          new Outcome.Answered(
              encode(asked.capability(), answered.answer()),
              new Outcome.Answerer(
                  client.config().name(),
                  asked.model(),
                  answered.revision(),
                  client.config().location() == Location.REMOTE));
      case ProviderOutcome.Failed failed when failed.error().isTransient() ->
          new Outcome.Retryable(failed.error());
      case ProviderOutcome.Failed failed -> new Outcome.Rejected(failed.error());
    };
  }

  private byte[] encode(Capability capability, ChatAnswer answer) {
    return capability == Capability.CHAT
        ? chatReplies.encode(answer.toWire())
        : generateReplies.encode(answer.toGenerateReply());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    if (watch != null) {
      watch.close();
    }
    client.close();
  }
}
