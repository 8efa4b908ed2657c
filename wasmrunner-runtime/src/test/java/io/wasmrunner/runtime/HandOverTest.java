package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port of an embedded runner between two generations. */
final class HandOverTest {
  @TempDir Path folder;
  private final int port = TestingServices.freePorts(1);

  private RunnerSpec spec() {
    return new RunnerSpec(
        new RunnerId("hello", 0),
        TestingRuntime.HELLO,
        new RunnerAddress("127.0.0.1", port),
        Map.of("WR_RUNNER_PORT", Integer.toString(port)),
        64 << 20,
        Optional.empty(),
        RunnerLimits.DEFAULT);
  }

  private Launcher launcher() {
    RuntimeOptions options = new TestingServices(folder).options(new RuntimePlugin()).build();
    return new EmbeddedLauncherFactory().create(Map.of(), Launching.context(options));
  }

  private static LoggedOutput output() {
    TestingClock clock = new TestingClock();
    return new LoggedOutput(new ServiceLog("hello", clock), 0, 1024, clock, access -> {});
  }

  private RunnerHandle start(Launcher launcher) {
    RunnerHandle handle = launcher.start(spec(), output());
    return handle;
  }

  private void awaitAnswer() {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(IOException.class) // refused until it listens
        .until(() -> answer(connect()).contains("200 OK"));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    try (socket) {
      socket
          .getOutputStream()
          .write(
              "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void awaitEnd(RunnerHandle handle) throws Exception {
    assertThat(handle.exit().toCompletableFuture().get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void connectionsWaitForTheNextGeneration() throws Exception {
    try (Launcher launcher = launcher()) {
      RunnerHandle first = start(launcher);
      awaitAnswer();
      first.handOver();
      awaitEnd(first);
      Socket between = connect();
      RunnerHandle second = start(launcher);
      assertThat(answer(between)).contains("200 OK");
      second.stop();
      awaitEnd(second);
      assertRefused();
    }
  }

  @Test
  void aPortThatNobodyTookOverIsFreedWithTheLauncher() throws Exception {
    try (Launcher launcher = launcher()) {
      RunnerHandle first = start(launcher);
      awaitAnswer();
      first.handOver();
      awaitEnd(first);
    }
    assertRefused();
  }

  @Test
  void theNextGenerationTakesTheOpenPortOver() throws Exception {
    try (Launcher launcher = launcher();
        Launcher another = launcher()) {
      RunnerHandle first = start(launcher);
      awaitAnswer();
      Socket early = connect();
      RunnerHandle second = another.startBeside(spec(), output());
      await().atMost(Duration.ofSeconds(30)).until(() -> second.innerAddress().isPresent());
      assertThat(second.innerAddress().orElseThrow().port()).isNotEqualTo(port);

      second.takeOver(Optional.of(first)).toCompletableFuture().get(10, TimeUnit.SECONDS);

      assertThat(answer(early)).as("a connection of before").contains("200 OK");
      Socket late = connect();
      first.stop();
      awaitEnd(first);
      assertThat(answer(late)).as("a connection of after").contains("200 OK");
      assertThat(answer(connect())).contains("200 OK");
      second.stop();
      awaitEnd(second);
      assertRefused();
    }
  }

  @Test
  void takesThePortOfAGenerationThatHasEnded() throws Exception {
    try (Launcher launcher = launcher()) {
      RunnerHandle first = start(launcher);
      awaitAnswer();
      RunnerHandle second = launcher.startBeside(spec(), output());
      await().atMost(Duration.ofSeconds(30)).until(() -> second.innerAddress().isPresent());
      first.stop();
      awaitEnd(first);
      assertRefused();

      second.takeOver(Optional.of(first)).toCompletableFuture().get(10, TimeUnit.SECONDS);

      awaitAnswer();
    }
  }

  private void assertRefused() {
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              try (Socket socket = connect()) {
                return !socket.isConnected();
              } catch (IOException refused) {
                return true;
              }
            });
  }
}
