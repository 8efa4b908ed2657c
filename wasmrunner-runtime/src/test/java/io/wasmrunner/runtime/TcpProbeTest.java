package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TcpProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private static CompletionStage<ProbeResult> begin(int port, Duration timeout) {
    HealthProbe probe = new TcpProbeFactory().create(Map.of());
    return probe.probe(new RunnerAddress("127.0.0.1", port), timeout);
  }

  private static ProbeResult probe(int port, Duration timeout) throws Exception {
    return begin(port, timeout).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionIsEnoughAndIsClosedAtOnce() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      assertThat(probe(server.getLocalPort(), PATIENT)).isEqualTo(ProbeResult.healthy("connected"));
      try (Socket accepted = server.accept()) {
        accepted.setSoTimeout(5_000); // well before the probe's own timeout
        assertThat(accepted.getInputStream().read()).as("end of the stream").isEqualTo(-1);
      }
    }
  }

  @Test
  void aClosedPortFails() {
    int port = TestingServices.freePorts(1);
    assertThatThrownBy(() -> probe(port, PATIENT)).hasMessageContaining("refused");
  }

  @Test
  void aFullBacklogFailsInTimeAndBlocksNobody() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = server.getLocalPort();
      boolean full = false;
      while (!full) {
        assertThat(waiting).as("connections that nobody accepts").hasSizeLessThan(20);
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(new InetSocketAddress(server.getInetAddress(), port), 200);
        } catch (java.net.SocketTimeoutException e) {
          full = true;
        }
      }
      CompletionStage<ProbeResult> begun = begin(port, Duration.ofMillis(300));
      assertThat(begun.toCompletableFuture()).as("it did not wait").isNotDone();
      assertThatThrownBy(() -> begun.toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasMessageContaining("no answer in time");
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }
}
