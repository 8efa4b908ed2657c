package io.wasmrunner.proxy;

import io.wasmrunner.model.Route;
import io.wasmrunner.proxy.policy.RoutePolicies;
import java.util.List;

/**
 * A route with what lives beside it.
 *
 * @param route the definition
 * @param upstreams its runners, in the order of their indexes
 * @param available those of them that may get requests
 * @param balancer its strategy, the same across updates of the route
 * @param traffic its counters, the same across updates of the route
 * @param patience its time-outs
 * @param guard what is done about its failures, the same across updates of the route
 * @param policies what it asks of requests, the same across updates as long as it asks the same
 */
record ServiceRoute(
    Route route,
    List<LiveUpstream> upstreams,
    List<LiveUpstream> available,
    Balancer balancer,
    ServiceTraffic traffic,
    Patience patience,
    Guard guard,
    RoutePolicies policies) {

  /** Copies the lists. */
  ServiceRoute {
    upstreams = List.copyOf(upstreams);
    available = List.copyOf(available);
  }

  /** Name of the service. */
  String service() {
    return route.service();
  }
}
