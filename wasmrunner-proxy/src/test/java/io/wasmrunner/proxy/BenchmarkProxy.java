package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.spi.PluginCatalog;
import java.util.List;

/**
 * A proxy in front of one server, without a runtime, for {@code integration-tests/bench/proxy.sh}.
 * Arguments: port to listen on, port of the server, forwarder, event loops.
 */
final class BenchmarkProxy {
  private BenchmarkProxy() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    Route route =
        new Route(
            "backend",
            "backend",
            TrafficSettings.DEFAULT,
            List.of(
                new RouteUpstream(
                    new RunnerId("backend", 0),
                    1,
                    new RunnerAddress("127.0.0.1", Integer.parseInt(arguments[1])),
                    true)));
    Bus.of(vertx)
        .serve(
            BusAddress.ROUTES_LIST,
            RoutesQuery.class,
            query -> Future.succeededFuture(new RoutesSnapshot(1, List.of(route))));
    Proxy.start(
            vertx,
            ProxyOptions.defaults()
                .withPort(Integer.parseInt(arguments[0]))
                .withForwarder(ForwarderKind.valueOf(arguments[2]))
                .withEventLoops(Integer.parseInt(arguments[3])),
            PluginCatalog.of(List.of(new ProxyPlugin())),
            request -> request.response().end("ok"))
        .onComplete(
            proxy ->
                System.out.println(
                    proxy.entryPoint() + ", native transport: " + vertx.isNativeTransportEnabled()),
            failure -> {
              System.err.println(failure);
              vertx.close();
            });
  }
}
