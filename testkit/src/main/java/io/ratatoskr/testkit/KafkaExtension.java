package io.ratatoskr.testkit;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Hands a {@link TestKafka} to what asks for one; see {@link WithKafka}. Brokers start with the
 * first request and are closed by JUnit with the store that holds them: the whole run's, or the
 * class's.
 */
public final class KafkaExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestKafka.class;
  }

  @Override
  public TestKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Connection connection = connection(brokerOwner(context));
    return ofOwn(
        context,
        TestKafka.class,
        () -> new TestKafka(connection.broker().bootstrapServers(), connection.admin()));
  }

  private static Connection connection(ExtensionContext owner) {
    return ofOwn(owner, Connection.class, Connection::open);
  }

  /** A context's own value: without its id in the key, a store would answer with its parent's. */
  private static <T> T ofOwn(ExtensionContext context, Class<T> type, Supplier<T> create) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            type.getName() + " of " + context.getUniqueId(), key -> create.get(), type);
  }

  /** The nearest annotation decides: the class's own broker or the one of the run. */
  private static ExtensionContext brokerOwner(ExtensionContext context) {
    Optional<ExtensionContext> at = Optional.of(context);
    while (at.isPresent()) {
      ExtensionContext owner = at.get();
      Optional<WithKafka> withKafka =
          AnnotationSupport.findAnnotation(owner.getElement(), WithKafka.class);
      if (withKafka.isPresent()) {
        return withKafka.get().ownBroker() ? owner : owner.getRoot();
      }
      at = owner.getParent();
    }
    return context.getRoot();
  }

  /** A broker and the admin client that its tests share. */
  private record Connection(TestBroker broker, Admin admin) implements AutoCloseable {
    static Connection open() {
      TestBroker broker = TestBroker.start();
      return new Connection(broker, TestKafka.newAdmin(broker.bootstrapServers()));
    }

    @Override
    public void close() {
      admin.close();
      broker.close();
    }
  }
}
