package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Faults of the forwarder itself. None is known, so a strategy of the test brings them about: it is
 * where a stranger's code sees a request on its way.
 */
final class FaultsTest {
  private static final AtomicInteger TICKS = new AtomicInteger();

  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start(options -> options.withEventLoops(1), new FaultyPlugin());
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static final class FaultyPlugin implements Plugin {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
      return List.of(
          strategy("encoder", exchange -> addTo(exchange, new Trap(RequestEncoder.class))),
          strategy("sending", exchange -> addTo(exchange, new Trap(ForwardedHeaders.class))),
          strategy(
              "answer",
              exchange -> exchange.carry(new Unreadable(exchange.request(), Answer.class))),
          strategy("deadlines", exchange -> exchange.loop().deadlines().add(new FaultyWatched())));
    }

    private static void addTo(Exchange exchange, CharSequence value) {
      exchange.request().headers().add("X-Trap", value);
    }

    private static LoadBalancingStrategyFactory strategy(String name, Consumer<Exchange> trap) {
      return new LoadBalancingStrategyFactory() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public LoadBalancingStrategy create(Map<String, Object> settings) {
          return (available, request) -> {
            trap.accept((Exchange) request);
            return available.get(0);
          };
        }
      };
    }
  }

  /** Fails if it is called by this class. */
  private static void fail(Class<?> in) {
    boolean there =
        StackWalker.getInstance()
            .walk(calls -> calls.anyMatch(call -> call.getClassName().equals(in.getName())));
    if (there) {
      throw new IllegalStateException("a fault of the test");
    }
  }

  /** A value that a class cannot read. */
  private record Trap(Class<?> reader) implements CharSequence {
    @Override
    public int length() {
      return 1;
    }

    @Override
    public char charAt(int index) {
      fail(reader);
      return 'x';
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return this;
    }
  }

  /** A request whose method a class cannot read. */
  private static final class Unreadable extends HttpServerRequestWrapper {
    private final Class<?> reader;

    Unreadable(HttpServerRequest request, Class<?> reader) {
      super((HttpServerRequestInternal) request);
      this.reader = reader;
    }

    @Override
    public HttpMethod method() {
      fail(reader);
      return super.method();
    }
  }

  private static final class FaultyWatched extends Deadlines.Watched {
    @Override
    void tick(long now) {
      TICKS.incrementAndGet();
      throw new IllegalStateException("a fault of the test");
    }
  }

  private static void serve(String service, String strategy, Timeouts timeouts, int port) {
    Route route = TestingRuntime.with(TestingRuntime.route(service, port), timeouts);
    proxy.runtime().serve(TestingRuntime.with(route, PluginChoice.named(strategy)));
  }

  private static Map<Integer, Long> counts(String service) {
    return proxy.runtime().stats().services().stream()
        .filter(counted -> counted.service().equals(service))
        .flatMap(counted -> counted.endpoints().stream())
        .flatMap(endpoint -> endpoint.minutes().stream())
        .flatMap(minute -> minute.counts().entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum));
  }

  @ParameterizedTest
  @CsvSource({
    "encoder, GET",
    "encoder, POST",
    "sending, GET",
    "sending, POST",
    "answer, GET",
    "answer, POST"
  })
  void aFaultIsAnAnswerAtOnceAndEndsTheRequestAtTheRunner(String where, String method)
      throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  try {
                    connection.read();
                    connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 2").send("ok");
                    connection.readByte();
                  } finally {
                    left.countDown();
                  }
                }));
    String service = where + method.length();
    serve(service, where, Timeouts.DEFAULT, runner.port());
    RawClient client = proxy.connect();

    Message answer =
        method.equals("GET")
            ? client.get("/" + service)
            : client.call("POST /" + service, "Content-Length: 4", "\r\nbody");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).contains("WR-3308");
    assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(counts(service)).containsExactly(Map.entry(500, 1L));
    assertThat(client.get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void aFaultInOneTickDoesNotEndTheDeadlinesOfOthers() {
    RawRunner silent = proxy.owned(RawRunner.start((connection, number) -> connection.readRest()));
    Timeouts soon =
        new Timeouts(
            Duration.ofSeconds(60), Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ZERO);
    serve("deadlines", "deadlines", soon, silent.port());

    assertThat(proxy.connect().get("/deadlines").status()).isEqualTo(504);
    assertThat(TICKS).hasPositiveValue();
    // Its fault stays, and so do the deadlines.
    int before = TICKS.get();
    await().until(() -> TICKS.get() > before);
    assertThat(proxy.connect().get("/deadlines").status()).isEqualTo(504);
  }
}
