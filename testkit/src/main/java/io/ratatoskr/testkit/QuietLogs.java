package io.ratatoskr.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.LoggerFactory;

/**
 * Fails a test during which a logger under {@code io.ratatoskr} warned or worse, unless {@link
 * AllowWarnings} names it: a warning that nobody expects is a defect or noise. Use with
 * {@code @ExtendWith(QuietLogs.class)}; needs Logback.
 */
public final class QuietLogs implements BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(QuietLogs.class);
  private static final String WATCHED = "io.ratatoskr";

  @Override
  public void beforeEach(ExtensionContext context) {
    Warnings warnings = new Warnings();
    warnings.start();
    logger().addAppender(warnings);
    context.getStore(NAMESPACE).put(Warnings.class, warnings);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Warnings warnings = context.getStore(NAMESPACE).get(Warnings.class, Warnings.class);
    logger().detachAppender(warnings);
    List<Pattern> allowed = allowed(context);
    List<String> unexpected =
        warnings.lines.stream()
            .filter(line -> allowed.stream().noneMatch(pattern -> pattern.matcher(line).find()))
            .toList();
    if (!unexpected.isEmpty()) {
      throw new AssertionError(
          "Unexpected warnings (see @AllowWarnings):\n  " + String.join("\n  ", unexpected));
    }
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(WATCHED);
  }

  private static List<Pattern> allowed(ExtensionContext context) {
    return Stream.of(context.getTestMethod(), context.getTestClass())
        .flatMap(element -> AnnotationSupport.findAnnotation(element, AllowWarnings.class).stream())
        .flatMap(annotation -> Stream.of(annotation.value()))
        .map(Pattern::compile)
        .toList();
  }

  private static final class Warnings extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        lines.add(event.getLoggerName() + ": " + event.getFormattedMessage());
      }
    }
  }
}
