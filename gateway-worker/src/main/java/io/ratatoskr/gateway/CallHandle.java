package io.ratatoskr.gateway;

import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The part of a call that another thread may reach: that it is run once, and ended at once. */
final class CallHandle {
  private final ProviderClient client;
  private final Instant deadline;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean cancelled;
  private volatile @Nullable Call call;

  CallHandle(ProviderClient client, Instant deadline) {
    this.client = client;
    this.deadline = deadline;
  }

  /** Begins the call; fails the second time. */
  void begin() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("a call is run once");
    }
  }

  /**
   * The response of a call whose status is one of success.
   *
   * @throws ProviderFailure if its status is another
   */
  Response execute(Call http, String model) throws IOException {
    call = http;
    if (cancelled) {
      http.cancel();
    }
    Response response = http.execute();
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      throw new ProviderFailure(client.refusal(response, model));
    }
  }

  /** The call is over: to cancel it does nothing any more. */
  void end() {
    call = null;
  }

  /** Ends the call, now or when it begins. */
  void cancel() {
    cancelled = true;
    Call running = call;
    if (running != null) {
      running.cancel();
      client.wake();
    }
  }

  /**
   * What a failure means.
   *
   * @param begun whether the answer had begun
   */
  InferenceError error(IOException e, boolean begun) {
    if (cancelled || Thread.currentThread().isInterrupted()) {
      return HttpErrors.cancelled();
    }
    if (e instanceof ProviderFailure failure) {
      return failure.error();
    }
    return client.clock().instant().isBefore(deadline)
        ? client.errors().ofFailure(e, begun, client.provider().unreachableHint())
        : client.errors().expired();
  }
}
