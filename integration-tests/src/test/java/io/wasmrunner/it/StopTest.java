package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop lets those who have begun finish. */
final class StopTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aRequestUnderWayIsAnsweredByItsRunnerDuringAStop() throws IOException {
    Path config = Files.writeString(folder.resolve("patient.json"), DRAIN);
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services, "--config", config.toString());
        Socket client = connect(wasmrunner.entryPoint())) {
      client.setSoTimeout((int) SOON.toMillis());
      send(client, "POST /hello/hello HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha");
      URI entry = wasmrunner.entryPoint();

      wasmrunner.terminate();
      Awaitility.await("the entry point is closed").atMost(SOON).until(() -> refuses(entry));
      send(client, "lf");

      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 ")
          .contains("X-Wasmrunner-Runner: hello/");
      assertThat(wasmrunner.exitStatus()).isZero();
    }
  }

  private static final String DRAIN =
      """
      {"proxy": {"drain_seconds": 60}}""";

  private static Socket connect(URI entry) throws IOException {
    return new Socket(entry.getHost(), entry.getPort());
  }

  private static boolean refuses(URI entry) {
    try (Socket late = connect(entry)) {
      return !late.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  private static void send(Socket client, String text) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
