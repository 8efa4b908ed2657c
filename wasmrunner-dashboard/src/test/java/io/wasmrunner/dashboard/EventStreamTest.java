package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventStreamTest {
  private TestingDashboard dashboard;

  @BeforeEach
  void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(
        Samples.service(
            "hello", "", null, 15001, ServiceState.READY, Samples.ready("hello", 0, 15001)));
    dashboard.peers.schedules.add(Samples.schedule("hello", 0, "/hello", false));
    dashboard.peers.queues.add(Samples.queue("orders", 0));
    dashboard.peers.serveAll();
    dashboard.known();
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void greetsWithEverythingKnown() {
    Listener listener = new Listener(dashboard.vertx, dashboard.port());

    listener.await("event: services", "event: schedules", "event: queues");
    assertThat(listener.text())
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("content-type: text/event-stream")
        .contains("retry: 2000");
    JsonObject services = listener.data("services");
    assertThat(services.getJsonArray("services").getJsonObject(0).getString("name"))
        .isEqualTo("hello");
    assertThat(services.getLong("revision")).isEqualTo(1);
  }

  @Test
  void tellsAChangeWithinASecond() {
    Listener listener = new Listener(dashboard.vertx, dashboard.port());
    listener.await("event: queues");

    dashboard.peers.change(
        Samples.service(
            "fresh", "", null, 15009, ServiceState.READY, Samples.ready("fresh", 0, 15009)));
    dashboard.peers.bus().announce(event("something happened"));

    Awaitility.await()
        .atMost(Duration.ofSeconds(1))
        .until(
            () ->
                listener.text().contains("\"fresh\"")
                    && listener.text().contains("something happened"));
  }

  @Test
  void goesOnWhereAClientLeftOff() {
    Listener before = new Listener(dashboard.vertx, dashboard.port());
    before.await("event: queues");
    dashboard.peers.bus().announce(event("first"));
    dashboard.peers.bus().announce(event("second"));
    before.await("id: 2");

    Listener after = new Listener(dashboard.vertx, dashboard.port(), "Last-Event-ID: 1\r\n");
    after.await("second");
    assertThat(after.text()).doesNotContain("first");
  }

  @Test
  void closesStreamsWhenItCloses() {
    Listener listener = new Listener(dashboard.vertx, dashboard.port());
    listener.await("event: queues");

    dashboard.closeDashboard();

    Awaitility.await().until(() -> listener.closed);
  }

  /* ---- Bounds ---- */

  @Test
  void refusesClientsBeyondTheBoundAndFreesTheirPlaces() {
    EventStream stream = new EventStream(2, 1 << 20, last -> List.of());
    int port = serve(stream);
    Listener first = new Listener(dashboard.vertx, port);
    Listener second = new Listener(dashboard.vertx, port);
    first.await("retry");
    second.await("retry");

    Listener third = new Listener(dashboard.vertx, port);
    third.await("HTTP/1.1 503", "WR-5014");
    assertThat(stream.size()).isEqualTo(2);

    first.socket.close();
    Awaitility.await().until(() -> stream.size() == 1);
    new Listener(dashboard.vertx, port).await("retry");
  }

  @Test
  void dropsAClientThatDoesNotRead() {
    EventStream stream = new EventStream(4, 3_000_000, last -> List.of());
    int port = serve(stream);
    Listener reading = new Listener(dashboard.vertx, port);
    Listener lazy = new Listener(dashboard.vertx, port);
    reading.await("retry");
    lazy.await("retry");
    lazy.socket.pause();
    Buffer frame =
        EventStream.frame("services", Buffer.buffer("\"" + "x".repeat(1_000_000) + "\""));

    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              long before = reading.count.get();
              stream.broadcast(frame);
              Awaitility.await()
                  .pollInterval(Duration.ofMillis(2))
                  .until(() -> reading.count.get() >= before + frame.length());
              return stream.size() == 1;
            });
    assertThat(reading.closed).isFalse();
    lazy.socket.resume();
  }

  @Test
  void heartbeatIsACommentThatKeepsTheConnectionOpen() {
    LiveEvents live = new LiveEvents(new LiveModel(), new EventHistory(10));
    Listener listener = new Listener(dashboard.vertx, serve(live.stream()));
    listener.await("retry");

    live.heartbeat();

    listener.await("\n: still here\n\n");
  }

  private int serve(EventStream stream) {
    Router router = Router.router(dashboard.vertx);
    router.route().handler(stream).failureHandler(new ProblemWriter((context, problem) -> {}));
    HttpServer server =
        TestingDashboard.get(
            dashboard.vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    return server.actualPort();
  }

  private static SystemEvent event(String message) {
    return new SystemEvent(
        Samples.NOW,
        SystemEvent.Severity.INFO,
        "test",
        Optional.empty(),
        Optional.empty(),
        message);
  }

  /** A client of live events. */
  private static final class Listener {
    private static final int TEXT_KEPT = 100_000;

    private final StringBuilder received = new StringBuilder();
    private final AtomicLong count = new AtomicLong();
    private volatile String text = "";
    private final NetClient client; // referred to, or it is closed
    private final NetSocket socket;
    private volatile boolean closed;

    Listener(Vertx vertx, int port, String... headers) {
      client = vertx.createNetClient();
      socket =
          TestingDashboard.get(
              client
                  .connect(port, "127.0.0.1")
                  .onSuccess(
                      connected -> {
                        connected.handler(this::receive);
                        connected.closeHandler(end -> closed = true);
                      }));
      socket.write(
          "GET /__runner__/events HTTP/1.1\r\nHost: localhost\r\n"
              + String.join("", headers)
              + "\r\n");
    }

    private void receive(Buffer bytes) {
      count.addAndGet(bytes.length());
      if (received.length() < TEXT_KEPT) {
        received.append(bytes);
        text = received.toString();
      }
    }

    String text() {
      return text;
    }

    void await(String... parts) {
      Awaitility.await().untilAsserted(() -> assertThat(text).contains(parts));
    }

    JsonObject data(String event) {
      String from = text().substring(text().indexOf("event: " + event));
      int start = from.indexOf("data: ") + "data: ".length();
      return new JsonObject(from.substring(start, from.indexOf("\n", start)));
    }
  }
}
