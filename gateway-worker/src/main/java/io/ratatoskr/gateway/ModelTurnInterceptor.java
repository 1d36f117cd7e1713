package io.ratatoskr.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Waits until it is the turn of a call's model, and keeps it until the answer is read. */
final class ModelTurnInterceptor implements Interceptor {
  private final ModelTurns turns;
  private final HttpErrors errors;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  ModelTurnInterceptor(ProviderLimits limits, HttpErrors errors) {
    this.turns = new ModelTurns(limits.modelsAtOnce(), limits.concurrent());
    this.errors = errors;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    String model = CallTag.of(chain.request()).model();
    if (model.isEmpty()) {
      return chain.proceed(chain.request());
    }
    await(chain, model);
    return ClosingResponse.proceed(chain, () -> ends(model));
  }

  private void await(Chain chain, String model) throws IOException {
    long left = CallTag.of(chain.request()).remaining().toNanos();
    lock.lock();
    try {
      ModelTurns.Waiting call = turns.arrives(model);
      boolean begun = false;
      try {
        while (!turns.begins(call, System.nanoTime())) {
          if (chain.call().isCanceled()) {
            throw new ProviderFailure(HttpErrors.cancelled());
          }
          if (left <= 0) {
            throw new ProviderFailure(errors.expired());
          }
          left = changed.awaitNanos(left);
        }
        begun = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = new InterruptedIOException("while waiting for its turn");
        stopped.initCause(e);
        throw stopped;
      } finally {
        if (!begun) {
          turns.leaves(call);
        }
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ends(String model) {
    lock.lock();
    try {
      turns.ends(model);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets calls that wait for their turn see that they are cancelled. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
