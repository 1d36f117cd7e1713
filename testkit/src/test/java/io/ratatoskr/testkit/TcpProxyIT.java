package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class TcpProxyIT {
  private static final int SHORT = 300;
  private static final int LONG = 60_000;

  @Test
  void cut_holdsBackBothWays_andRestoreDeliversIt() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        TcpProxy proxy =
            TcpProxy.start(
                new InetSocketAddress(loopback, 0),
                new InetSocketAddress(loopback, server.getLocalPort()));
        Socket client = new Socket(loopback, proxy.address().getPort());
        Socket served = server.accept()) {
      client.getOutputStream().write('a');
      assertThat(served.getInputStream().read()).isEqualTo('a');
      served.getOutputStream().write('b');
      assertThat(client.getInputStream().read()).isEqualTo('b');

      proxy.cut();
      client.getOutputStream().write('c');
      served.getOutputStream().write('d');
      served.setSoTimeout(SHORT);
      client.setSoTimeout(SHORT);
      assertThatThrownBy(() -> served.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      proxy.restore();
      served.setSoTimeout(LONG);
      client.setSoTimeout(LONG);
      assertThat(served.getInputStream().read()).isEqualTo('c');
      assertThat(client.getInputStream().read()).isEqualTo('d');

      client.shutdownOutput();
      assertThat(served.getInputStream().read()).isNegative();
    }
  }
}
