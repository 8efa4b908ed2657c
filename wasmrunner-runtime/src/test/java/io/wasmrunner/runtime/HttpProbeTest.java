package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private ServerSocket server;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Answers every connection with these bytes, then closes it. */
  private void answer(String bytes) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  try (Socket socket = server.accept()) {
                    heads.add(head(socket));
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                  }
                }
              } catch (IOException closed) {
                // The test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static String head(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    StringBuilder head = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }

  private ProbeResult probe(Map<String, Object> settings, Duration timeout) throws Exception {
    RunnerAddress target = new RunnerAddress("127.0.0.1", server.getLocalPort());
    try (HealthProbe probe = new HttpProbeFactory().create(settings)) {
      return probe.probe(target, timeout).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void asksForHealthAndWants200() throws Exception {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assertThat(probe(Map.of(), PATIENT)).isEqualTo(ProbeResult.healthy("HTTP 200"));
    assertThat(heads.get(0))
        .startsWith("GET /health HTTP/1.1\nHost: 127.0.0.1:" + server.getLocalPort())
        .contains("Connection: close");
  }

  @Test
  void anotherStatusIsUnhealthy() throws Exception {
    answer("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    assertThat(probe(Map.of(), PATIENT)).isEqualTo(ProbeResult.unhealthy("HTTP 503"));
  }

  @Test
  void pathAndStatusCanBeChosen() throws Exception {
    answer("HTTP/1.0 204 No Content\r\n\r\n");
    assertThat(probe(Map.of("path", "/up?x=1", "status", 204), PATIENT))
        .isEqualTo(ProbeResult.healthy("HTTP 204"));
    assertThat(heads.get(0)).startsWith("GET /up?x=1 HTTP/1.1\n");
  }

  @Test
  void whatIsNoHttpFails() {
    answer("SSH-2.0-OpenSSH\r\n");
    assertThatThrownBy(() -> probe(Map.of(), PATIENT)).hasMessageContaining("is no HTTP");
  }

  @Test
  void anEndlessFirstLineFails() {
    answer("x".repeat(1 << 20));
    assertThatThrownBy(() -> probe(Map.of(), PATIENT)).hasMessageContaining("is no HTTP");
  }

  @Test
  void silenceFailsInTime() {
    assertThatThrownBy(() -> probe(Map.of(), Duration.ofMillis(100)))
        .hasMessageContaining("no answer in time");
  }

  @Test
  void aClosedPortFails() throws IOException {
    server.close();
    assertThatThrownBy(() -> probe(Map.of(), PATIENT)).hasMessageContaining("refused");
  }

  @Test
  void aConnectionClosedWithoutAnAnswerFails() {
    answer("");
    assertThatThrownBy(() -> probe(Map.of(), PATIENT)).hasMessageContaining("closed before");
  }
}
