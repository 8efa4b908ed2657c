package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ServiceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs that go on, and logs as files. */
@Timeout(180)
final class LogFollowTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String LOGS = "/__runner__/api/v1/services/hello/logs";

  @TempDir private Path folder;
  private TestingDashboard dashboard;

  @BeforeEach
  void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(
        Samples.service(
            "hello", "", null, 15001, ServiceState.READY, Samples.ready("hello", 0, 15001)));
    dashboard.peers.lines.add(Samples.line(1, 0, LogLine.Level.INFO, "the first"));
    dashboard.peers.serveAll();
    dashboard.known();
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  private final class Reader {
    private final Buffer received = Buffer.buffer();
    private final NetSocket socket;

    Reader(String path, String accept) {
      socket = TestingDashboard.get(dashboard.sockets.connect(dashboard.port(), "127.0.0.1"));
      socket.handler(
          bytes -> {
            synchronized (received) {
              received.appendBuffer(bytes);
            }
          });
      socket.write(
          "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n".formatted(path, accept));
    }

    String text() {
      synchronized (received) {
        return received.toString();
      }
    }

    void await(String text) {
      Awaitility.await(text).atMost(PATIENCE).until(() -> text().contains(text));
    }
  }

  @Test
  void linesOfBeforeAndThoseThatComeAreEvents() {
    Reader reader = new Reader(LOGS + "?follow=true", "text/event-stream");
    reader.await("the first");
    dashboard.peers.lines.add(Samples.line(2, 0, LogLine.Level.ERROR, "the second"));
    reader.await("the second");
    assertThat(reader.text())
        .containsIgnoringCase("content-type: text/event-stream")
        .contains("id: 2\nevent: line\ndata: {\"sequence\":2")
        .containsOnlyOnce("the first");
    reader.socket.close();
  }

  @Test
  void forOthersEachLineIsAnObject() {
    Reader reader = new Reader(LOGS + "?follow=true&after=1", "*/*");
    dashboard.peers.lines.add(Samples.line(2, 0, LogLine.Level.INFO, "the second"));
    reader.await("the second");
    assertThat(reader.text())
        .containsIgnoringCase("content-type: application/x-ndjson")
        .doesNotContain("the first")
        .contains("\"text\":\"the second\"}\n");
    reader.socket.close();
  }

  @Test
  void tooManyReadersGet503AndAPlaceIsFreeAgainWhenOneLeaves() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < LogFollow.CLIENTS; i++) {
      readers.add(new Reader(LOGS + "?follow=true", "*/*"));
    }
    readers.forEach(reader -> reader.await("the first"));
    TestingDashboard.Answer refused = dashboard.get(LOGS + "?follow=true");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().getString("code")).isEqualTo("WR-5020");

    readers.get(0).socket.close();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Reader again = new Reader(LOGS + "?follow=true", "*/*");
              again.await("HTTP/1.1");
              return again.text().startsWith("HTTP/1.1 200");
            });
    readers.forEach(reader -> reader.socket.close());
  }

  @Test
  void filesAreDownloadedOldestFirst() throws Exception {
    Path old = Files.writeString(folder.resolve("hello.log.1"), "old\n".repeat(100_000));
    Path current = Files.writeString(folder.resolve("hello.log"), "current\n");
    dashboard.peers.logFiles.addAll(List.of(old.toString(), current.toString()));

    TestingDashboard.Answer answer = dashboard.get(LOGS + "/download");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Disposition")).contains("hello.log");
    assertThat(answer.body()).hasSize(400_008).startsWith("old\n").endsWith("old\ncurrent\n");
    assertThat(dashboard.get("/__runner__/api/v1/services/none/logs/download").status())
        .isEqualTo(404);
  }

  @Test
  void aMissingFileIsAnErrorAndNoCutAnswer() {
    dashboard.peers.logFiles.add(folder.resolve("gone.log").toString());
    assertThat(dashboard.get(LOGS + "/download").status()).isEqualTo(500);
  }

  @Test
  void aPageWithManyLinesIsNotRenderedOnAnEventLoop() {
    for (int i = 2; i < 1_000; i++) {
      dashboard.peers.lines.add(Samples.line(i, 0, LogLine.Level.INFO, "<b>&".repeat(500) + i));
    }
    Reader page = new Reader("/__runner__/ui/services/hello/logs?tail=1000", "text/html");
    int meanwhile = 0;
    while (!page.text().contains("</html>")) {
      assertThat(dashboard.get("/health").status()).isEqualTo(200);
      meanwhile++;
    }
    assertThat(meanwhile).as("answers while the page was made").isGreaterThan(5);
    assertThat(page.text())
        .contains("line-999", "data-source=\"/__runner__/api/v1/services/hello/logs?");
    page.socket.close();
  }
}
