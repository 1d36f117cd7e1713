package io.ratatoskr.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets each {@code await()} that names no time wait for a minute, in every module that depends on
 * this one: Awaitility's own 10 s are short where the machine pauses.
 */
public final class PatientTests implements LauncherSessionListener {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
