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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of gateway workers: asks one provider, which is paid by the call, for chat, generation
 * and, where it makes them, vectors; where its models may judge, for that too. Of an Ollama server
 * it announces the models that the server has, unless some are configured, and says of them that
 * they are unavailable while the server does not answer.
 */
public final class GatewayEngine implements Engine<GatewayEngine.Asked> {
  /** What the engine without a provider refuses. */
  public static final Set<Capability> WITHOUT_PROVIDER = ProviderConfig.TEXT;

  private final ProviderClient client;
  private final @Nullable OllamaWatch watch;
  private final GatewayModels models;
  private final GatewayEmbeddings embeddings;
  private final GatewayJudgements judgements;
  private final Codec<ChatRequest> chats;
  private final Codec<ChatReply> chatReplies;
  private final Codec<GenerateRequest> generations;
  private final Codec<GenerateReply> generateReplies;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("provider-", 0).factory());

  /** What the provider is asked. */
  sealed interface Asked {

    /**
     * A text to write.
     *
     * @param capability how the answer travels
     * @param model the provider's name of it
     */
    record Answer(
        Capability capability, String model, ChatInput input, String reason, Optional<Trace> trace)
        implements Asked {}

    /**
     * Vectors to make.
     *
     * @param model the provider's name of it
     * @param dimensions their length; 0 is the model's own
     */
    record Vectors(String model, List<String> texts, int dimensions, Optional<Trace> trace)
        implements Asked {}

    /**
     * Items to judge.
     *
     * @param model the provider's name of it
     */
    record Judgements(String model, PromptedItems items, String reason, Optional<Trace> trace)
        implements Asked {}
  }

  private GatewayEngine(ProviderClient client, @Nullable OllamaWatch watch, SchemaIds ids) {
    this.client = client;
    this.watch = watch;
    this.models = new GatewayModels(client.config(), watch);
    this.embeddings = new GatewayEmbeddings(client.config(), ids);
    this.judgements = new GatewayJudgements(ids);
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
   * An engine without a provider. It holds the role: requests for chat and generation are answered
   * at once, with what to do, and do not wait for their deadline.
   */
  public static Engine<?> withoutProvider() {
    return Engine.refusing(
        WITHOUT_PROVIDER,
        true,
        capability ->
            InferenceError.noProvider(
                capability.topicName(),
                "No provider is configured for %s; name one in [providers.NAME], or give --base-url"
                    .formatted(capability.topicName())));
  }

  @Override
  public Set<Capability> capabilities() {
    return client.config().capabilities();
  }

  @Override
  public List<ServedModel> models() {
    return models.served();
  }

  @Override
  public Set<Capability> anyModel() {
    return models.anyModel();
  }

  @Override
  public String maker() {
    return client.config().maker();
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
    if (!capabilities().contains(work.capability())) {
      return new Prepared.Settled<>(
          new Outcome.Rejected(
              InferenceError.unsupported(
                  "Provider %s is not asked for %s."
                      .formatted(client.config().name(), work.capability().topicName()))));
    }
    return switch (work.capability()) {
      case EMBED -> embeddings.prepare(work);
      case NLI, CLASSIFY -> judgements.prepare(work);
      case CHAT -> answer(work, ChatInput.ofWire(chats.decode(work.payload(), work.schema())));
      default ->
          answer(
              work,
              GenerateInput.ofWire(generations.decode(work.payload(), work.schema())).asChat());
    };
  }

  /** Options of a preset that the provider does not take are left out: nobody asked for them. */
  private Prepared<Asked> answer(Work work, ChatInput own) {
    ChatInput input = own.withDefaults(work.defaults().only(client.provider().parameters()));
    return new Prepared.Ready<>(
        new Asked.Answer(
            work.capability(), work.model(), input, work.reason(), Trace.of(work.traceparent())),
        1);
  }

  @Override
  public List<CompletableFuture<Outcome>> run(List<Run<Asked>> runs, Lane lane) {
    return runs.stream().map(this::start).toList();
  }

  private CompletableFuture<Outcome> start(Run<Asked> run) {
    return switch (run.task()) {
      case Asked.Answer answer -> {
        ProviderCall call =
            client.call(
                new ProviderRequest(
                    answer.input(),
                    answer.model(),
                    run.events().isWanted(),
                    run.deadline(),
                    answer.reason()),
                answer.trace());
        yield start(() -> outcome(answer, call.run(run.events()::accept)), call::cancel);
      }
      case Asked.Vectors vectors -> {
        EmbeddingRun calls =
            new EmbeddingRun(
                client,
                vectors.texts(),
                vectors.model(),
                vectors.dimensions(),
                run.deadline(),
                vectors.trace());
        yield start(() -> outcome(vectors, calls.run()), calls::cancel);
      }
      case Asked.Judgements asked -> {
        PromptedRun calls =
            new PromptedRun(
                client,
                asked.items(),
                asked.model(),
                asked.reason(),
                run.deadline(),
                asked.trace());
        yield start(() -> outcome(asked, calls.run()), calls::cancel);
      }
    };
  }

  /** Whoever completes the outcome from outside withdraws the request: nobody pays for the rest. */
  private CompletableFuture<Outcome> start(Supplier<Outcome> run, Runnable cancel) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        outcome.complete(run.get());
      } catch (RuntimeException | Error e) {
        outcome.completeExceptionally(e);
      }
    });
    var _ = outcome.whenComplete((_, _) -> cancel.run());
    return outcome;
  }

  private Outcome outcome(Asked.Answer asked, ProviderOutcome outcome) {
    return switch (outcome) {
      case ProviderOutcome.Answered answered ->
          new Outcome.Answered(
              encode(asked.capability(), answered.answer()),
              answerer(asked.model(), answered.revision()),
              answered.answer().usage(),
              0);
      case ProviderOutcome.Failed failed -> failed(failed.error());
    };
  }

  private Outcome outcome(Asked.Vectors asked, EmbeddingRun.Outcome outcome) {
    String model = asked.model();
    return switch (outcome) {
      case EmbeddingRun.Outcome.Done done -> {
        if (asked.dimensions() == 0) {
          models.answered(model, done);
        }
        yield new Outcome.Answered(
            embeddings.reply(model, done), answerer(model, done.revision()), done.usage());
      }
      case EmbeddingRun.Outcome.Failed failed -> failed(failed.error());
    };
  }

  private Outcome outcome(Asked.Judgements asked, PromptedRun.Outcome outcome) {
    return switch (outcome) {
      case PromptedRun.Outcome.Done done ->
          new Outcome.Answered(
              asked.items().reply(asked.model(), done.items()),
              answerer(asked.model(), done.revision()).byPrompt(),
              done.usage());
      case PromptedRun.Outcome.Failed failed -> failed(failed.error());
    };
  }

  private Outcome.Answerer answerer(String model, String revision) {
    return new Outcome.Answerer(
        client.config().name(), model, revision, client.config().location() == Location.REMOTE);
  }

  private static Outcome failed(InferenceError error) {
    return error.isTransient() ? new Outcome.Retryable(error) : new Outcome.Rejected(error);
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
