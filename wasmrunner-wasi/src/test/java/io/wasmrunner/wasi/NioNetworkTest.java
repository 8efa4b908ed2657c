package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NioNetworkTest {
  private final NioNetwork network = NioNetwork.loopback();

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.1", "::1", "127.0.0.5"})
  void listensOnTheBindHostForAnyOfItsNames(String requested) throws IOException {
    try (ServerSocketChannel listener = network.listen(address(requested, 0))) {
      InetSocketAddress local = (InetSocketAddress) listener.getLocalAddress();
      assertThat(local.getAddress().getHostAddress()).isEqualTo("127.0.0.1");
      assertThat(local.getPort()).isPositive();
      assertThat(listener.isBlocking()).isFalse();
    }
  }

  @Test
  void refusesAnotherAddressAndSaysWhichIsAllowed() {
    assertThatThrownBy(() -> network.listen(address("192.0.2.1", 80)))
        .isInstanceOf(NetworkDeniedException.class)
        .hasMessageContainingAll("192.0.2.1", "127.0.0.1");
    assertThatThrownBy(() -> network.openDatagram(address("192.0.2.1", 80)))
        .isInstanceOf(NetworkDeniedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200"})
  void doesNotConnectToCloudMetadata(String target) {
    assertThatThrownBy(() -> network.connectTarget(address(target, 80)))
        .isInstanceOf(NetworkDeniedException.class)
        .hasMessageContaining("metadata");
  }

  @Test
  void connectsAnywhereElseAndTakesAllZerosForThisHost() throws IOException {
    assertThat(network.connectTarget(address("192.0.2.1", 80))).isEqualTo(address("192.0.2.1", 80));
    assertThat(network.connectTarget(address("0.0.0.0", 80)).getAddress().isLoopbackAddress())
        .isTrue();
  }

  @Test
  void streamsAreNonBlockingWithoutDelay() throws IOException {
    try (SocketChannel stream = network.openStream(null)) {
      assertThat(stream.isBlocking()).isFalse();
      assertThat(stream.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
    }
  }

  @Test
  void aTakenPortIsTold() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> network.listen(address("127.0.0.1", taken.getLocalPort())))
          .isInstanceOf(IOException.class);
    }
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(host, port);
  }
}
