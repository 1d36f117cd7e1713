package io.ratatoskr.embeddedkafka;

import io.ratatoskr.embeddedkafka.EmbeddedKafkaException.AddressInUse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's and the controller's listen sockets, bound before Kafka starts: so free ports are
 * known when the configuration is written, nobody can take them in between, and a port in use is
 * told at once. Kafka asks for them by listener name.
 */
final class ListenSockets implements ServerSocketFactory, AutoCloseable {
  static final String CLIENTS = "CLIENTS";
  static final String CONTROLLER = "CONTROLLER";
  private static final int BACKLOG = 128;

  private final ServerSocketChannel clients;
  private final ServerSocketChannel controller;

  private ListenSockets(ServerSocketChannel clients, ServerSocketChannel controller) {
    this.clients = clients;
    this.controller = controller;
  }

  static ListenSockets bind(String host, int port) {
    ServerSocketChannel clients = bindOne(host, port);
    try {
      return new ListenSockets(clients, bindOne("127.0.0.1", 0));
    } catch (AddressInUse e) {
      closeQuietly(clients);
      throw e;
    }
  }

  private static ServerSocketChannel bindOne(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new AddressInUse(host, port, new IOException("unknown host"));
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.configureBlocking(false);
        return channel.bind(address, BACKLOG);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new AddressInUse(host, port, e);
    }
  }

  int clientsPort() {
    return clients.socket().getLocalPort();
  }

  InetSocketAddress controllerAddress() {
    return (InetSocketAddress) controller.socket().getLocalSocketAddress();
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBuffer) {
    return switch (listener) {
      case CLIENTS -> clients;
      case CONTROLLER -> controller;
      default -> throw new IllegalArgumentException("No socket was bound for " + listener);
    };
  }

  /** Closes what Kafka has not closed itself. */
  @Override
  public void close() {
    closeQuietly(clients);
    closeQuietly(controller);
  }

  private static void closeQuietly(ServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      EmbeddedKafka.LOG.debug("Closing a listen socket failed", e);
    }
  }
}
