package io.wasmrunner.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.bus.OpenApiQuery;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.RequestFailed;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.model.Payload;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.TrafficSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BusTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void answersReachTheAskerByReference() {
    OpenApiDocument answer = new OpenApiDocument("{}");
    bus.serve(BusAddress.OPENAPI_READ, OpenApiQuery.class, query -> Future.succeededFuture(answer));

    assertThat(ask(Duration.ofSeconds(5))).isSameAs(answer);
  }

  @Test
  void failuresKeepCodeReasonAndAdvice() {
    bus.serve(
        BusAddress.OPENAPI_READ,
        OpenApiQuery.class,
        query -> {
          throw new RequestFailedException(
              RequestFailed.Reason.NOT_FOUND, "WR-2001", "no service " + query.service(), "List.");
        });

    assertThatThrownBy(() -> ask(Duration.ofSeconds(5)))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RequestFailed.Reason.NOT_FOUND);
              assertThat(e.explain()).isEqualTo("WR-2001: no service hello. Fix: List.");
            });
  }

  @Test
  void unexpectedFailuresDoNotLeakTheirText() {
    bus.serve(
        BusAddress.OPENAPI_READ,
        OpenApiQuery.class,
        query -> Future.failedFuture(new IllegalStateException("password=1234")));

    assertThatThrownBy(() -> ask(Duration.ofSeconds(5)))
        .isInstanceOf(RequestFailedException.class)
        .hasMessageNotContaining("1234");
  }

  @Test
  void nobodyThereIsUnavailable() {
    assertThatThrownBy(() -> ask(Duration.ofMillis(100)))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            e -> assertThat(e.reason()).isEqualTo(RequestFailed.Reason.UNAVAILABLE));
  }

  @Test
  void everySubscriberHearsAnEvent() throws InterruptedException {
    BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    for (int i = 0; i < 2; i++) {
      bus.subscribe(
          BusAddress.ROUTES_CHANGED, RoutesSnapshot.class, event -> heard.add(event.revision()));
    }

    Bus.of(vertx).publish(BusAddress.ROUTES_CHANGED, new RoutesSnapshot(7, List.of()));

    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void messagesSurviveTheWire() {
    RoutesSnapshot routes =
        new RoutesSnapshot(
            3,
            List.of(
                new Route(
                    "hello",
                    "hello",
                    TrafficSettings.DEFAULT,
                    List.of(
                        new Route.RouteUpstream(
                            new RunnerId("hello", 0),
                            1,
                            new RunnerAddress("127.0.0.1", 15001),
                            true)))));
    PublishCommand publish =
        new PublishCommand(
            "orders", "text/plain", Payload.of("hé".getBytes(StandardCharsets.UTF_8)));

    assertThat(overTheWire(routes)).isEqualTo(routes);
    assertThat(overTheWire(publish)).isEqualTo(publish);
  }

  private static BusMessage overTheWire(BusMessage message) {
    BusCodec codec = new BusCodec();
    Buffer buffer = Buffer.buffer("before");
    codec.encodeToWire(buffer, message);
    return codec.decodeFromWire("before".length(), buffer);
  }

  private OpenApiDocument ask(Duration timeout) {
    return bus.request(
            BusAddress.OPENAPI_READ, new OpenApiQuery("hello"), OpenApiDocument.class, timeout)
        .await();
  }
}
