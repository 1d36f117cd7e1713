package io.ratatoskr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LastingPortIT {

  @Test
  void find_givesAPortToListenOn_andAgain() throws IOException {
    int port = LastingPort.find();

    assertThat(port).isBetween(1024, 32_767);
    for (int life = 0; life < 2; life++) {
      try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(server.getLocalPort()).isEqualTo(port);
      }
    }
  }
}
