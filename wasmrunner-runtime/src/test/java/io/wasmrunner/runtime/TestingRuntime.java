package io.wasmrunner.runtime;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A whole runtime over real modules, seen as the other parts see it: through the bus. */
final class TestingRuntime implements AutoCloseable {
  static final Path HELLO = Path.of("..", "services", "hello", "hello.wasm");
  static final Path FAULTY =
      Path.of("..", "integration-tests", "fixtures", "faulty", "faulty.wasm");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(2)
              .setWarningExceptionTime(500)
              .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String deployment;
  final Bus bus = Bus.of(vertx);

  TestingRuntime(RuntimeOptions options) {
    this(options, event -> {});
  }

  /** One whose events are heard from the first on. */
  TestingRuntime(RuntimeOptions options, Consumer<SystemEvent> events) {
    bus.subscribe(
        BusAddress.EVENT_OCCURRED,
        EventOccurred.class,
        occurred -> events.accept(occurred.event()));
    deployment = await(vertx.deployVerticle(new RuntimeVerticle(options)));
  }

  /** Adds a service with a real module to a folder. */
  static void add(TestingServices services, String name, Path module, int port, String more) {
    try {
      services.file(name + "/" + name + ".wasm", Files.readAllBytes(module));
      services.file(
          name + "/config/service.json",
          "{\"prefix\": \"%s\", \"url\": \"http://127.0.0.1:%d\"%s}".formatted(name, port, more));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  <T extends BusMessage> T ask(String address, BusMessage question, Class<T> type) {
    return await(bus.request(address, question, type));
  }

  ServiceStatus service(String name) {
    return ask(BusAddress.SERVICES_LIST, new ServicesQuery(), ServicesSnapshot.class)
        .services()
        .stream()
        .filter(service -> service.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  RunnerStatus runner(String name, int index) {
    return service(name).runners().get(index);
  }

  RoutesSnapshot routes() {
    return ask(BusAddress.ROUTES_LIST, new RoutesQuery(), RoutesSnapshot.class);
  }

  List<String> log(String name) {
    return ask(
            BusAddress.LOGS_READ,
            new LogsQuery(name, Optional.empty(), Optional.empty(), "", 0, 1000),
            LogsPage.class)
        .lines()
        .stream()
        .map(line -> line.runner() + " " + line.stream() + " " + line.level() + " " + line.text())
        .toList();
  }

  /** The body of an answer; empty when there was none. */
  String get(int port, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void undeploy() {
    await(vertx.undeploy(deployment));
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
