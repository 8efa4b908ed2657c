package io.wasmrunner.proxy;

import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.proxy.RawConnection.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What tests of balancing and resilience have in common. */
final class Runners {
  private Runners() {}

  /** Serves a service with these settings at its name. */
  static void serve(
      TestingProxy proxy, String service, UnaryOperator<Resilience> settings, int... ports) {
    Route route = TestingRuntime.route(service, ports);
    proxy.runtime().serve(TestingRuntime.with(route, with(route, settings)));
  }

  static TrafficSettings with(Route route, UnaryOperator<Resilience> settings) {
    return route.traffic().withResilience(settings.apply(Resilience.DEFAULT));
  }

  /** Index of the runner that answered. */
  static int index(Message answer) {
    String runner = answer.header("X-Wasmrunner-Runner").orElseThrow();
    return Integer.parseInt(runner.substring(runner.indexOf('/') + 1));
  }

  /** How many of so many requests each runner answers, by one connection. */
  static Map<Integer, Integer> shares(TestingProxy proxy, String path, int requests) {
    Map<Integer, Integer> shares = new TreeMap<>();
    RawClient client = proxy.connect();
    for (int i = 0; i < requests; i++) {
      shares.merge(index(client.get(path)), 1, Integer::sum);
    }
    return shares;
  }

  /** The kinds of events about a service so far. */
  static List<String> events(TestingProxy proxy, String service) {
    List<String> kinds = new ArrayList<>();
    for (SystemEvent event : proxy.runtime().events()) {
      if (event.service().orElse("").equals(service)) {
        kinds.add(event.kind());
      }
    }
    return kinds;
  }
}
