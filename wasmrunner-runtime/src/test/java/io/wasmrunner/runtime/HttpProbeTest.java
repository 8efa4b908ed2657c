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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /* ---- Which status ---- */

  @ParameterizedTest
  @MethodSource
  void aStatusCanBeAClassOrAList(Object setting, int status, boolean healthy) throws Exception {
    answer("HTTP/1.1 " + status + " Whatever\r\n\r\n");
    assertThat(probe(Map.of("status", setting), PATIENT))
        .isEqualTo(new ProbeResult(healthy, "HTTP " + status));
  }

  static Stream<Arguments> aStatusCanBeAClassOrAList() {
    return Stream.of(
        Arguments.of("2xx", 200, true),
        Arguments.of("2xx", 299, true),
        Arguments.of("2xx", 300, false),
        Arguments.of("2xx", 199, false),
        Arguments.of(List.of(200, 404), 404, true),
        Arguments.of(List.of(200, 404), 403, false),
        Arguments.of(List.of("3xx", 401), 302, true),
        Arguments.of(List.of("3xx", 401), 401, true),
        Arguments.of(List.of("3xx", 401), 200, false));
  }

  /* ---- The body ---- */

  private static final String UP =
      "{\"status\": \"UP\", \"checks\": [{\"ok\": true, \"n\": 1.0}, null]}";

  private static String sized(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @ParameterizedTest
  @MethodSource
  void aBodyIsReadHoweverItIsFramed(String answer) throws Exception {
    answer(answer);
    assertThat(probe(Map.of("body", "is well"), PATIENT))
        .isEqualTo(ProbeResult.healthy("HTTP 200"));
    assertThat(heads.get(0)).contains("Connection: close");
  }

  static Stream<String> aBodyIsReadHoweverItIsFramed() {
    return Stream.of(
        sized("all is well here"),
        """
        HTTP/1.1 200 OK\r
        Transfer-Encoding: chunked\r
        \r
        8;x=y\r
        all is w\r
        8\r
        ell here\r
        0\r
        Trailer: x\r
        \r
        """,
        "HTTP/1.0 200 OK\r\n\r\nall is well here",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + sized("all is well here"));
  }

  @Test
  void anotherBodyIsUnhealthy() throws Exception {
    answer(sized("all is lost"));
    assertThat(probe(Map.of("body", "is well"), PATIENT))
        .isEqualTo(ProbeResult.unhealthy("HTTP 200, but the body does not contain \"is well\""));
  }

  @Test
  void aWrongStatusIsToldBeforeTheBody() throws Exception {
    answer("HTTP/1.1 503 Busy\r\nContent-Length: 7\r\n\r\nis well");
    assertThat(probe(Map.of("body", "is well"), PATIENT))
        .isEqualTo(ProbeResult.unhealthy("HTTP 503"));
  }

  @Test
  void aBodyMayHave64KiBAndNoMore() throws Exception {
    String most = "x".repeat((64 << 10) - 2) + "ok";
    answer("HTTP/1.1 200 OK\r\n\r\n" + most);
    assertThat(probe(Map.of("body", "ok"), PATIENT)).isEqualTo(ProbeResult.healthy("HTTP 200"));
  }

  @Test
  void aLongerBodyIsUnhealthyEvenIfItBeginsWell() throws Exception {
    answer("HTTP/1.1 200 OK\r\n\r\nok" + "x".repeat((64 << 10) - 1));
    assertThat(probe(Map.of("body", "ok"), PATIENT))
        .isEqualTo(ProbeResult.unhealthy("HTTP 200, but the body has more than 64 KiB"));
  }

  @Test
  void anIncompleteBodyFails() {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nis well");
    assertThatThrownBy(() -> probe(Map.of("body", "is well"), PATIENT))
        .hasMessageContaining("closed before");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
      })
  void whatIsNoHttpFailsWithABodyToo(String answer) {
    answer(answer);
    assertThatThrownBy(() -> probe(Map.of("body", "ok"), PATIENT))
        .hasMessageContaining("is no HTTP");
  }

  @Test
  void anEndlessHeadFailsWithABodyToo() {
    answer("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1 << 20));
    assertThatThrownBy(() -> probe(Map.of("body", "ok"), PATIENT))
        .hasMessageContaining("is no HTTP");
  }

  @Test
  void jsonHasToHaveTheValues() throws Exception {
    answer(sized(UP));
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("/status", "UP");
    wanted.put("/checks/0", Map.of("ok", true, "n", 1));
    wanted.put("/checks/1", null);
    assertThat(probe(Map.of("json", wanted), PATIENT)).isEqualTo(ProbeResult.healthy("HTTP 200"));
  }

  @ParameterizedTest
  @MethodSource
  void otherJsonIsUnhealthy(String body, String pointer, Object wanted, String fault)
      throws Exception {
    answer(sized(body));
    assertThat(probe(Map.of("json", Map.of(pointer, wanted)), PATIENT))
        .isEqualTo(ProbeResult.unhealthy("HTTP 200, but " + fault));
  }

  static Stream<Arguments> otherJsonIsUnhealthy() {
    return Stream.of(
        Arguments.of(UP, "/status", "DOWN", "/status is \"UP\", not \"DOWN\""),
        Arguments.of(UP, "/checks/0/n", "1", "/checks/0/n is 1.0, not \"1\""),
        Arguments.of(UP, "/a~1b", 1, "there is no /a~1b, which has to be 1"),
        Arguments.of("[1]", "", List.of(2), "the body is [1], not [2]"),
        Arguments.of(
            "[\"" + "x".repeat(500) + "\"]", "/0", 1, "/0 is \"" + "x".repeat(99) + "…, not 1"),
        Arguments.of("UP", "/status", "UP", "the body is no JSON"),
        Arguments.of("{} {}", "/status", "UP", "the body is no JSON"),
        Arguments.of("[".repeat(60_000), "/status", "UP", "the body is no JSON"),
        Arguments.of("", "", "UP", "the body is no JSON"));
  }
}
