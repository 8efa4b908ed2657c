package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A stream of server-sent events and a WebSocket, opened once, to see whether they survive. */
final class Streams implements AutoCloseable, WebSocket.Listener {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong echoes = new AtomicLong();
  private final AtomicReference<String> broken = new AtomicReference<>("");
  private final WebSocket socket;
  private volatile boolean over;

  Streams(URI eventStream, URI webSocket) {
    Thread reader = new Thread(() -> read(eventStream), "events");
    reader.setDaemon(true);
    reader.start();
    socket = client.newWebSocketBuilder().buildAsync(webSocket, this).join();
    echo();
    assertAlive("at the start");
  }

  private void read(URI uri) {
    try (InputStream body =
            client
                .send(Http.request(uri).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")
            && Long.parseLong(line.substring(4)) != events.getAndIncrement()) {
          broken.set("events: " + line + " after " + events);
        }
      }
      if (!over) {
        broken.set("events: the stream ended");
      }
    } catch (IOException | InterruptedException e) {
      if (!over) {
        broken.set("events: " + e);
      }
    }
  }

  private void echo() {
    if (!over) {
      CompletionStage<WebSocket> sent = socket.sendText("again", true);
      sent.exceptionally(
          failure -> {
            onError(socket, failure);
            return socket;
          });
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    echoes.incrementAndGet();
    from.request(1);
    echo();
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    if (!over) {
      broken.set("WebSocket: closed, " + status + " " + reason);
    }
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    if (!over) {
      broken.set("WebSocket: " + error);
    }
  }

  /** Fails unless both go on. */
  void assertAlive(String when) {
    long eventsBefore = events.get();
    long echoesBefore = echoes.get();
    Awaitility.await(when)
        .atMost(PATIENCE)
        .until(
            () ->
                !broken.get().isEmpty()
                    || (events.get() > eventsBefore + 1 && echoes.get() > echoesBefore + 1));
    assertThat(broken.get()).as(when).isEmpty();
  }

  @Override
  public void close() {
    over = true;
    socket.abort();
  }
}
