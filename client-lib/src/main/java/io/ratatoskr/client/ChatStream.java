package io.ratatoskr.client;

import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.FutureFailure;
import io.ratatoskr.schemas.SchemaRegistryException;
import io.ratatoskr.schemas.UndecodableRecordException;
import io.ratatoskr.schemas.chat.ChatChunk;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.wire.Chunk;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that arrives piece by piece: for one reader, as a blocking iterator or as a {@link
 * Flow.Publisher}, and as a whole by {@link #reply()}. Whatever dies on the way, the events after
 * the last {@link ChatEvent.AttemptAborted} make exactly the whole answer, and {@link
 * ChatEvent.Done} is the last of them.
 *
 * <p>A reader that falls 128 Ki characters behind gets what was made since then in one piece, when
 * the answer is there; so it holds up nobody else, and nothing grows.
 *
 * <p>Closing it cancels the request, where that has not ended.
 *
 * @param <R> the whole answer
 */
public final class ChatStream<R extends ChatResult>
    implements Iterable<ChatEvent>, Flow.Publisher<ChatEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChatStream.class);

  private final StreamedAnswer streamed = new StreamedAnswer();
  private final EventBuffer events = new EventBuffer();
  private final CompletableFuture<R> reply = new CompletableFuture<>();
  private volatile Supplier<Optional<Handle>> handle = Optional::empty;

  ChatStream() {}

  /** A stream of an answer that comes as a whole: the answer in one piece. */
  public static <R extends ChatResult> ChatStream<R> of(CompletableFuture<R> whole) {
    ChatStream<R> stream = new ChatStream<>();
    stream.join(whole, () -> whole.cancel(false));
    return stream;
  }

  /** The pieces of the answer, as they arrive at the call. */
  Parts parts(Codec<Chunk> codec) {
    return new Parts() {
      @Override
      public boolean knows(String kind) {
        return kind.equals(ChatChunk.KIND);
      }

      @Override
      public void take(String kind, byte[] value, Headers headers) {
        ChatChunk chunk;
        try {
          chunk = ChatChunk.ofWire(codec.decode(value, headers));
        } catch (UndecodableRecordException | SchemaRegistryException e) {
          // As if it were lost: the answer, which is whole in itself, has it too.
          LOG.warn("A piece of a streamed answer cannot be read: {}", e.getMessage());
          return;
        }
        if (events.hasRoom()) {
          events.add(streamed.add(chunk));
        } else {
          streamed.skip(chunk);
        }
      }
    };
  }

  /** Joins the stream to its call, whose parts it takes. */
  void join(Call<R> call) {
    handle = call::handle;
    join(call.reply(), call::cancel);
  }

  private void join(CompletableFuture<R> whole, Runnable cancel) {
    var unused = whole.whenComplete(this::end);
    unused =
        reply.whenComplete((answer, failure) -> {
          if (failure != null) {
            cancel.run();
          }
        });
  }

  private void end(@Nullable R answer, @Nullable Throwable failure) {
    if (answer != null) {
      events.add(streamed.end(answer.answer()));
      events.end(null);
      reply.complete(answer);
    } else {
      Throwable cause =
          FutureFailure.cause(failure == null ? new IllegalStateException("no reply") : failure);
      events.end(cause);
      reply.completeExceptionally(cause);
    }
  }

  /** Ends the stream of a request that could not be sent. */
  void fail(RatatoskrException cause) {
    end(null, cause);
  }

  /**
   * The events, once. Its methods wait for the next one; they throw the {@link RatatoskrException}
   * that the request failed with, after everything that came before, and {@link
   * java.util.concurrent.CancellationException} where the waiting thread is interrupted.
   *
   * @throws IllegalStateException if the events have a reader
   */
  @Override
  public Iterator<ChatEvent> iterator() {
    return events.iterator();
  }

  /**
   * Gives the events to a subscriber, as many as it asks for. They come on the threads that call
   * back, which it must not block. To cancel the subscription is to cancel the request.
   */
  @Override
  public void subscribe(Flow.Subscriber<? super ChatEvent> subscriber) {
    events.subscribe(subscriber, this::cancel);
  }

  /**
   * The whole answer; needs no reader of the events. Fails with a {@link RatatoskrException}. To
   * cancel it is to cancel the request.
   */
  public CompletableFuture<R> reply() {
    return reply;
  }

  /** The handle by which others find the answer; empty until the request has been sent. */
  public Optional<Handle> handle() {
    return handle.get();
  }

  /** Cancels the request; does nothing where it has ended. */
  public void cancel() {
    reply.cancel(false);
  }

  @Override
  public void close() {
    cancel();
  }
}
