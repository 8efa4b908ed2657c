package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.spi.PluginCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Four runners, one of them ten times slower, behind the proxy: latencies by strategy, for {@code
 * integration-tests/bench/slow-runner.sh}. Everything in one process, one event loop each for
 * clients, proxy and runners. Arguments: seconds for each strategy, rounds, strategies.
 */
final class SlowRunnerBenchmark {
  private static final int RUNNERS = 4;
  private static final int CLIENTS = 16;
  private static final int FAST_MILLIS = 20;
  private static final int SLOW_MILLIS = 200;
  private static final long WARM_UP_SECONDS = 2;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClientAgent client =
      vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CLIENTS));
  private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final List<RouteUpstream> runners = new ArrayList<>();
  private volatile boolean over;
  private int port;

  private SlowRunnerBenchmark() {}

  public static void main(String[] arguments) throws InterruptedException {
    SlowRunnerBenchmark benchmark = new SlowRunnerBenchmark();
    benchmark.start(List.of(arguments).subList(2, arguments.length));
    long seconds = Long.parseLong(arguments[0]);
    System.out.println("warming up");
    for (String strategy : List.of(arguments).subList(2, arguments.length)) {
      benchmark.load(strategy, 0);
    }
    for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
      for (String strategy : List.of(arguments).subList(2, arguments.length)) {
        benchmark.measure(strategy, seconds);
      }
    }
    TestingProxy.await(benchmark.vertx.close());
  }

  private void start(List<String> strategies) {
    for (int i = 0; i < RUNNERS; i++) {
      long millis = i == RUNNERS - 1 ? SLOW_MILLIS : FAST_MILLIS;
      TestingRunner runner =
          TestingRunner.start(
              vertx,
              request -> vertx.setTimer(millis, timer -> request.response().end("x".repeat(128))));
      runners.add(
          new RouteUpstream(
              new RunnerId("s", i), 1, new RunnerAddress("127.0.0.1", runner.port()), true));
    }
    List<Route> routes = new ArrayList<>();
    for (String strategy : strategies) {
      routes.add(
          new Route(
              strategy,
              strategy,
              TrafficSettings.DEFAULT.withLoadBalancing(PluginChoice.named(strategy)),
              runners));
    }
    Bus.of(vertx)
        .serve(
            BusAddress.ROUTES_LIST,
            RoutesQuery.class,
            query -> Future.succeededFuture(new RoutesSnapshot(1, routes)));
    Proxy proxy =
        TestingProxy.await(
            Proxy.start(
                vertx,
                ProxyOptions.defaults().withPort(0).withEventLoops(1),
                PluginCatalog.of(List.of(new ProxyPlugin())),
                request -> request.response().end()));
    port = proxy.entryPoint().getPort();
  }

  private void measure(String strategy, long seconds) throws InterruptedException {
    long[] sorted = load(strategy, seconds);
    Arrays.sort(sorted);
    System.out.printf(
        "%-16s %8.0f req/s  p50 %7.2f ms  p99 %7.2f ms%n",
        strategy, sorted.length / (double) seconds, at(sorted, 0.5), at(sorted, 0.99));
  }

  private long[] load(String strategy, long seconds) throws InterruptedException {
    over = false;
    List<Future<Void>> ends = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      ends.add(ask("/" + strategy));
    }
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    latencies.clear();
    TimeUnit.SECONDS.sleep(seconds);
    long[] all = latencies.stream().mapToLong(Long::longValue).toArray();
    over = true;
    TestingProxy.await(Future.all(ends));
    return all;
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
  }

  private Future<Void> ask(String path) {
    Promise<Void> end = Promise.promise();
    ask(path, end);
    return end.future();
  }

  private void ask(String path, Promise<Void> end) {
    if (over) {
      end.complete();
      return;
    }
    long before = System.nanoTime();
    client
        .request(HttpMethod.GET, port, "127.0.0.1", path)
        .compose(HttpClientRequest::send)
        .compose(HttpClientResponse::body)
        .onComplete(
            body -> {
              latencies.add(System.nanoTime() - before);
              ask(path, end);
            },
            end::fail);
  }
}
