package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.chat.ChatAnswer;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatParameter;
import io.ratatoskr.schemas.chat.ReasoningOptions;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.Response;

/** One call of a provider. */
public final class ProviderCall {
  private static final String OPERATION = "chat";

  private final ProviderClient client;
  private final ProviderRequest request;
  private final Optional<Trace> trace;
  private final CallHandle handle;
  private long guessed;

  ProviderCall(ProviderClient client, ProviderRequest request, Optional<Trace> trace) {
    this.client = client;
    this.request = request;
    this.trace = trace;
    this.handle = new CallHandle(client, request.deadline());
  }

  /**
   * Asks, and returns when the answer is complete or cannot become so. Blocks the calling thread;
   * can be called once.
   *
   * @param sink gets the events on the calling thread: {@link ChatEvent.Started} once the provider
   *     answers, and {@link ChatEvent.Done} last, where the call succeeds. What it throws ends the
   *     call and is thrown on
   */
  public ProviderOutcome run(Consumer<ChatEvent> sink) {
    handle.begin();
    long start = System.nanoTime();
    boolean exclude =
        request.input().options().reasoning().filter(ReasoningOptions::exclude).isPresent();
    AnswerSink answer = new AnswerSink(timed(sink, start), exclude);
    Provider.AnswerReader reader = client.provider().reader();
    try {
      read(answer, reader);
      ChatAnswer whole = answer.answer().orElseThrow();
      client.metrics().answered(request.model(), System.nanoTime() - start, whole.usage());
      client.answered(guessed, whole.usage());
      return new ProviderOutcome.Answered(whole, reader.revision());
    } catch (IOException e) {
      InferenceError error = handle.error(e, answer.begun());
      client.metrics().failed(error.code().wireName());
      return new ProviderOutcome.Failed(error);
    } finally {
      handle.end();
    }
  }

  private Consumer<ChatEvent> timed(Consumer<ChatEvent> sink, long start) {
    return new Consumer<>() {
      private boolean first = true;

      @Override
      public void accept(ChatEvent event) {
        if (first && !(event instanceof ChatEvent.Started)) {
          first = false;
          client.metrics().firstEventAfter(request.model(), System.nanoTime() - start);
        }
        sink.accept(event);
      }
    };
  }

  /**
   * Ends the call at once, or before it begins; its connection is closed. For any thread. To
   * interrupt the thread that runs the call does the same.
   */
  public void cancel() {
    handle.cancel();
  }

  private void read(AnswerSink answer, Provider.AnswerReader reader) throws IOException {
    checkParameters();
    Provider provider = client.provider();
    String body = provider.body(request).toString();
    guessed = client.estimate().of(body, request.input().options().maxTokens());
    CallTag tag =
        new CallTag(OPERATION, request.model(), guessed, trace, request.deadline(), client.clock());
    try (Response response =
        handle.execute(client.http(provider.chatPath(), body, tag), request.model())) {
      Framing framing = framing(response);
      ProviderConfig config = client.config();
      answer.pass(
          new ChatEvent.Started(
              config.name(), request.model(), config.location(), request.reason()));
      Framing.Documents documents = framing.of(response.body().source());
      Document document = documents.next();
      while (document != null) {
        failIfError(document, answer);
        if (reader.read(document, answer)) {
          return;
        }
        document = documents.next();
      }
      reader.end(answer);
    }
  }

  private void checkParameters() throws ProviderFailure {
    Set<ChatParameter> wanted = request.input().options().parameters();
    for (ChatParameter parameter : wanted) {
      if (!client.provider().parameters().contains(parameter)) {
        throw Unsupported.parameter(client.config(), request, parameter.parameterName());
      }
    }
  }

  private void failIfError(Document document, AnswerSink answer) throws ProviderFailure {
    ErrorBody error = ErrorBody.of(document).orElse(null);
    if (error != null) {
      throw new ProviderFailure(client.errors().within(error, request.model(), answer.begun()));
    }
  }

  /** What the server says it sends, since one that cannot stream answers in one piece. */
  private Framing framing(Response response) throws ProviderFailure {
    MediaType type = response.body().contentType();
    String named = type == null ? "nothing" : type.type() + "/" + type.subtype();
    Framing framing = Framing.named(named).orElse(null);
    Framing wanted = request.stream() ? client.provider().streaming() : Framing.JSON;
    if (framing != null && (framing == wanted || framing == Framing.JSON)) {
      return framing;
    }
    throw new ProviderFailure(
        InferenceError.json(
            "Provider %s answered with content type %s in place of %s; is its base-url right?"
                .formatted(client.config().name(), named, wanted.contentType())));
  }
}
