package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ApiKeyAuth;
import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.spi.PluginCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A proxy in front of one server, without a runtime, for {@code integration-tests/bench/proxy.sh}
 * and {@code policies.sh}. Arguments: port to listen on, port of the server, forwarder, event
 * loops, and {@code epoll} (without this argument, too), {@code io_uring} or {@code nio}.
 */
final class BenchmarkProxy {
  private BenchmarkProxy() {}

  public static void main(String[] arguments) {
    Vertx vertx = vertx(arguments.length > 4 ? arguments[4] : "epoll");
    int port = Integer.parseInt(arguments[1]);
    List<Route> routes =
        List.of(
            route("backend", TrafficSettings.DEFAULT, port),
            route("policed", TrafficSettings.DEFAULT.withPolicies(policies()), port));
    Bus.of(vertx)
        .serve(
            BusAddress.ROUTES_LIST,
            RoutesQuery.class,
            query -> Future.succeededFuture(new RoutesSnapshot(1, routes)));
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

  /** Unlike the launcher it takes no other transport in place of one that cannot be used. */
  private static Vertx vertx(String transport) {
    Transport wanted =
        switch (transport) {
          case "epoll" -> Transport.EPOLL;
          case "io_uring" -> Transport.IO_URING;
          case "nio" -> Transport.NIO;
          default -> throw new IllegalArgumentException("no transport: " + transport);
        };
    if (wanted == null || !wanted.available()) {
      throw new IllegalStateException(
          transport
              + " cannot be used here: "
              + (wanted == null ? "not in the jar" : wanted.unavailabilityCause()));
    }
    return Vertx.builder().withTransport(wanted).build();
  }

  private static Route route(String service, TrafficSettings traffic, int port) {
    return new Route(
        service,
        service,
        traffic,
        List.of(
            new RouteUpstream(
                new RunnerId(service, 0), 1, new RunnerAddress("127.0.0.1", port), true)));
  }

  /** Contract, rate limit and the API key {@code benchmark}, for {@code bench/policies.sh}. */
  private static Policies policies() {
    return Policies.DEFAULT
        .withContract(
            new ContractPolicy(
                ContractPolicy.Mode.ENFORCE,
                ContractPolicy.Mode.REPORT,
                true,
                true,
                64,
                true,
                new ContractPolicy.Document(
                    """
                    {"openapi": "3.1.0", "info": {"title": "b", "version": "1"}, "paths": {"/orders/{id}": {"post": {
                     "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                      {"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
                     "requestBody": {"required": true, "content": {"application/json": {"schema": {
                      "$ref": "#/components/schemas/Order"}}}},
                     "responses": {"200": {"description": ""}}}}},
                     "components": {"schemas": {
                      "Order": {"type": "object", "required": ["customer", "lines"], "additionalProperties": false,
                       "properties": {"customer": {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"},
                        "date": {"type": "string", "format": "date"}, "note": {"type": ["string", "null"], "maxLength": 400},
                        "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Line"}}}},
                      "Line": {"type": "object", "required": ["sku", "count"], "properties": {
                       "sku": {"type": "string", "maxLength": 20}, "count": {"type": "integer", "minimum": 1},
                       "price": {"type": "number"}, "gift": {"type": "boolean"}}}}}}
                    """)))
        .withRateLimit(
            new RateLimit(1_000_000, Duration.ofSeconds(1), 1_000_000, RateLimit.Key.CLIENT, 1_000))
        .withAuth(
            new AuthPolicy(
                Optional.of(
                    new ApiKeyAuth(
                        Optional.of("X-API-Key"),
                        Optional.empty(),
                        List.of(
                            new ApiKeyAuth.Key(
                                "bench",
                                // Of the text benchmark.
                                "0e89820860c342f2c7ec694d144023b10301c2accdd078cb5167a06d0c3d5bcc")))),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false));
  }
}
