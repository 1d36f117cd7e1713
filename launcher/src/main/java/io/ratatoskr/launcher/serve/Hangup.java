package io.ratatoskr.launcher.serve;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signal SIGHUP, by which a service is told to read its configuration again. One that comes
 * before the service can do so is kept until then. Thread-safe.
 */
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private @Nullable Runnable action;
  private boolean kept;

  /**
   * Takes the signal, which from now on ends the process no more; nothing where the system has no
   * such signal. The JDK has no other way than this class, of which the compiler warns unless it is
   * asked for by its name.
   */
  static Hangup taken() {
    Hangup hangup = new Hangup();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  hangup.came();
                }
                return null;
              });
      var _ =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      LOG.debug("There is no SIGHUP here; 'ratatoskr reload' does the same", cause);
    }
    return hangup;
  }

  /** From now on runs that at each signal, and once for those that have come before. */
  synchronized void runs(Runnable newAction) {
    action = newAction;
    if (kept) {
      kept = false;
      newAction.run();
    }
  }

  /** A signal has come. */
  synchronized void came() {
    if (action == null) {
      kept = true;
      LOG.info("SIGHUP came during the start; the configuration is read again after it");
    } else {
      action.run();
    }
  }
}
