package io.ratatoskr.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes connections on to a server, and cuts them off as a broken network does: nothing is closed,
 * and no byte arrives until it is restored.
 *
 * <p>Kafka tells its clients where it listens, so a client that is to come through here resolves
 * the broker's name to this address: with a hosts file of its JVM, {@code -Djdk.net.hosts.file}.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private boolean cut;
  private boolean closed;

  private TcpProxy(ServerSocket server, InetSocketAddress target) {
    this.server = server;
    this.target = target;
  }

  /** Starts one that listens at an address of this machine, with a free port where it says 0. */
  public static TcpProxy start(InetSocketAddress listen, InetSocketAddress target) {
    try {
      ServerSocket server = new ServerSocket();
      server.bind(listen);
      TcpProxy proxy = new TcpProxy(server, target);
      Thread.ofVirtual().name("tcp-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't listen on " + listen, e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** From now on nothing arrives on either side. */
  public synchronized void cut() {
    cut = true;
  }

  /** What was held back arrives, and all goes on. */
  public synchronized void restore() {
    cut = false;
    notifyAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      awaitWhole();
      Socket onward = new Socket(target.getAddress(), target.getPort());
      onward.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      sockets.add(onward);
      Thread.ofVirtual().start(() -> pump(client, onward));
      pump(onward, client);
    } catch (IOException e) {
      end(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitWhole();
        out.write(buffer, 0, read);
      }
      awaitWhole();
    } catch (IOException e) {
      // One side has ended, and so does the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private synchronized void awaitWhole() throws InterruptedException {
    while (cut && !closed) {
      wait();
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(TcpProxy::end);
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
