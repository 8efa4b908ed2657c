package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ContractFindings;
import io.wasmrunner.bus.ContractQuery;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.bus.UpstreamActivityQuery;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.model.TrafficStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Tells routes as the runtime does, and keeps what the proxy says. */
final class TestingRuntime {
  private final Bus bus;
  private final AtomicLong revision = new AtomicLong();
  private final Map<String, Route> routes = new LinkedHashMap<>();

  /** Read on event loops, which must not wait for a test that waits for them. */
  private volatile RoutesSnapshot current;

  private final List<UpstreamSuspected> suspected = new CopyOnWriteArrayList<>();
  private final List<SystemEvent> events = new CopyOnWriteArrayList<>();

  TestingRuntime(Vertx vertx, Route... first) {
    this.bus = Bus.of(vertx);
    for (Route route : first) {
      routes.put(route.service(), route);
    }
    this.current = new RoutesSnapshot(0, List.copyOf(routes.values()));
    TestingProxy.await(
        bus.serve(
                BusAddress.ROUTES_LIST, RoutesQuery.class, query -> Future.succeededFuture(current))
            .completion());
    TestingProxy.await(
        bus.subscribe(BusAddress.UPSTREAM_SUSPECTED, UpstreamSuspected.class, suspected::add)
            .completion());
    TestingProxy.await(
        bus.subscribe(
                BusAddress.EVENT_OCCURRED,
                EventOccurred.class,
                occurred -> events.add(occurred.event()))
            .completion());
  }

  /** A route with one available runner per port, at a prefix that is the service's name. */
  static Route route(String service, int... ports) {
    return route(service, service, ports);
  }

  static Route route(String service, String prefix, int... ports) {
    List<RouteUpstream> upstreams = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) {
      upstreams.add(upstream(service, i, 1, ports[i], true));
    }
    return new Route(service, prefix, TrafficSettings.DEFAULT, upstreams);
  }

  static RouteUpstream upstream(
      String service, int index, long generation, int port, boolean available) {
    return new RouteUpstream(
        new RunnerId(service, index), generation, new RunnerAddress("127.0.0.1", port), available);
  }

  static Route with(Route route, RouteUpstream... upstreams) {
    return new Route(route.service(), route.prefix(), route.traffic(), List.of(upstreams));
  }

  static Route with(Route route, Timeouts timeouts) {
    return with(route, route.traffic().withTimeouts(timeouts));
  }

  static Route with(Route route, PluginChoice loadBalancing) {
    return with(route, route.traffic().withLoadBalancing(loadBalancing));
  }

  static Route with(Route route, Policies policies) {
    return with(route, route.traffic().withPolicies(policies));
  }

  static Route with(Route route, TrafficSettings traffic) {
    return new Route(route.service(), route.prefix(), traffic, route.upstreams());
  }

  /** Adds or replaces the routes of these services; returns when the proxy has heard of it. */
  synchronized void serve(Route... changed) {
    for (Route route : changed) {
      routes.put(route.service(), route);
    }
    tell();
  }

  synchronized void remove(String service) {
    routes.remove(service);
    tell();
  }

  private void tell() {
    current = new RoutesSnapshot(revision.incrementAndGet(), List.copyOf(routes.values()));
    bus.publish(BusAddress.ROUTES_CHANGED, current);
    // Messages from one thread arrive in order; the answer comes after the event was handled.
    stats();
  }

  RequestStats stats() {
    return statsSnapshot().stats();
  }

  /** How the proxy stands to a service now. */
  TrafficStatus traffic(String service) {
    return statsSnapshot().traffic().stream()
        .filter(status -> status.service().equals(service))
        .findFirst()
        .orElseThrow();
  }

  private StatsSnapshot statsSnapshot() {
    return TestingProxy.await(
        bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class)
            .recover(
                notYet ->
                    Future.succeededFuture(
                        new StatsSnapshot(new RequestStats(List.of(), List.of())))));
  }

  /** Where traffic and contract of a service differ. */
  ContractReport contract(String service) {
    return TestingProxy.await(
            bus.request(
                BusAddress.CONTRACT_READ, new ContractQuery(service), ContractFindings.class))
        .reports()
        .getOrDefault(service, ContractReport.EMPTY);
  }

  int requestsUnderWay(String service, int index, long generation) {
    return TestingProxy.await(
            bus.request(
                BusAddress.UPSTREAM_ACTIVITY,
                new UpstreamActivityQuery(new RunnerId(service, index), generation),
                UpstreamActivity.class))
        .requests();
  }

  List<UpstreamSuspected> suspected() {
    return suspected;
  }

  List<SystemEvent> events() {
    return events;
  }

  Bus bus() {
    return bus;
  }
}
