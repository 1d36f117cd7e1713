package io.ratatoskr.schemas;

/**
 * A schema registry for tests: Apicurio's, in a process of its own, where {@code
 * -Dregistry=apicurio} asks for it, else one in memory.
 */
public interface TestRegistry extends AutoCloseable {

  /** Starts one on loopback; it has no schemas. */
  static TestRegistry start() {
    return "apicurio".equals(System.getProperty("registry"))
        ? ApicurioRegistry.launch()
        : InMemoryRegistry.listen();
  }

  /** Below which the Confluent REST API lies. */
  String url();

  /** Stops it, at most once; its port refuses connections from then on. */
  void stop();

  @Override
  default void close() {
    stop();
  }
}
