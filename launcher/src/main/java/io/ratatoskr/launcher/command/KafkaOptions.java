package io.ratatoskr.launcher.command;

import io.ratatoskr.schemas.KafkaProperties;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that looks at a pipeline elsewhere. */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "The Kafka of the pipeline. Key: kafka.bootstrap")
  private @Nullable String bootstrap;

  @Mixin private Settings settings = new Settings();

  /** The values that files, environment and options make. */
  public Values values() {
    return values(UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param more sets what further options say
   */
  public Values values(UnaryOperator<Layers> more) {
    Layers layers = more.apply(settings.layers());
    return (bootstrap == null
            ? layers
            : layers.withFlag("--bootstrap", KafkaProperties.BOOTSTRAP.key(), bootstrap))
        .read();
  }

  /** What a command says that needs a Kafka where none is named. */
  public static final String MISSING =
      "name the Kafka of the pipeline: --bootstrap, or the key kafka.bootstrap";

  /** Whether those values name a Kafka. */
  public static boolean named(Values values) {
    return values.origin(KafkaProperties.BOOTSTRAP.key()).isPresent();
  }
}
