package io.wasmrunner.proxy;

import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.proxy.balancing.RoundRobin;
import io.wasmrunner.proxy.policy.Policing;
import io.wasmrunner.proxy.policy.RoutePolicies;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.PluginCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current route table, shared by all event loops. What lives longer than a table goes over into
 * the next one: strategies whose configuration is the same, counters of runners of the same
 * generation, statistics of services.
 */
final class LiveRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

  private final PluginCatalog plugins;
  private final Bus bus;
  private final Clock clock;
  private final Traffic traffic;
  private final Policing policing;
  private final int requestsPerRunner;
  private final LongSupplier ticker;
  private final TrafficEvents events;
  private final ForwarderKind forwarder;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private List<LiveUpstream> leaving = List.of();
  private volatile RouteTable table = RouteTable.UNKNOWN;

  LiveRoutes(
      PluginCatalog plugins,
      Bus bus,
      Clock clock,
      Traffic traffic,
      Policing policing,
      TrafficEvents events,
      ForwarderKind forwarder,
      int requestsPerRunner,
      LongSupplier ticker) {
    this.plugins = plugins;
    this.bus = bus;
    this.clock = clock;
    this.traffic = traffic;
    this.policing = policing;
    this.requestsPerRunner = requestsPerRunner;
    this.ticker = ticker;
    this.events = events;
    this.forwarder = forwarder;
  }

  /** The table of this moment. */
  RouteTable table() {
    return table;
  }

  /** Runs the listener after each change, on the thread that brought it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Takes a snapshot over, unless it is older than the one held. */
  void apply(RoutesSnapshot snapshot) {
    synchronized (this) {
      if (table.known() && snapshot.revision() <= table.revision()) {
        return;
      }
      List<ServiceRoute> routes = new ArrayList<>(snapshot.routes().size());
      for (Route route : snapshot.routes()) {
        routes.add(next(route, table.ofService(route.service())));
      }
      RouteTable before = table;
      table = new RouteTable(snapshot.revision(), routes);
      leaving = leaving(before);
    }
    listeners.forEach(Runnable::run);
  }

  /** What a generation of a runner does, also one that has left the table. */
  synchronized UpstreamActivity activity(RunnerId runner, long generation) {
    return Stream.concat(upstreams(table), leaving.stream())
        .filter(upstream -> upstream.id().equals(runner) && upstream.generation() == generation)
        .map(LiveUpstream::activity)
        .reduce(UpstreamActivity.NONE, UpstreamActivity::plus);
  }

  /** Those that have requests under way, and those that left just now: one may be on its way. */
  private List<LiveUpstream> leaving(RouteTable before) {
    Set<LiveUpstream> present = upstreams(table).collect(Collectors.toSet());
    return Stream.concat(
            leaving.stream().filter(upstream -> upstream.activeRequests() > 0),
            upstreams(before).filter(upstream -> !present.contains(upstream)))
        .toList();
  }

  private static Stream<LiveUpstream> upstreams(RouteTable table) {
    return table.routes().stream().flatMap(route -> route.upstreams().stream());
  }

  /** Takes ejected runners back whose time is over, also those of services without requests. */
  void readmit() {
    table.routes().forEach(route -> route.guard().readmit(route.upstreams()));
  }

  private ServiceRoute next(Route route, @Nullable ServiceRoute before) {
    if (before == null || !before.route().traffic().equals(route.traffic())) {
      IgnoredSettings.tell(route, forwarder, events);
    }
    Resilience resilience = route.traffic().resilience();
    boolean sameGuard = before != null && before.route().traffic().resilience().equals(resilience);
    Guard guard =
        before != null && sameGuard
            ? before.guard()
            : new Guard(route.service(), resilience, events, ticker);
    List<LiveUpstream> upstreams = new ArrayList<>(route.upstreams().size());
    List<LiveUpstream> available = new ArrayList<>(route.upstreams().size());
    route.upstreams().stream()
        .sorted(Comparator.comparing(RouteUpstream::id))
        .forEach(
            definition -> {
              LiveUpstream known = known(definition, before);
              LiveUpstream upstream =
                  known == null ? new LiveUpstream(definition, requestsPerRunner, ticker) : known;
              upstream.configure(
                  resilience.weight(definition.id().index()), resilience.slowStart().toNanos());
              if (known == null || !sameGuard) {
                guard.watch(upstream);
              }
              upstreams.add(upstream);
              if (definition.available()) {
                available.add(upstream);
                if (before != null && !before.available().contains(upstream)) {
                  upstream.warmUp();
                }
              }
            });
    Balancer balancer =
        before != null
                && before.route().traffic().loadBalancing().equals(route.traffic().loadBalancing())
            ? before.balancer()
            : new Balancer(
                route.service(),
                route.traffic().loadBalancing().name(),
                strategy(route),
                bus,
                clock);
    return new ServiceRoute(
        route,
        upstreams,
        available,
        balancer,
        traffic.of(route.service()),
        Patience.of(route.traffic().timeouts()),
        guard,
        policing.of(
            route.service(),
            route.traffic().policies(),
            before == null ? RoutePolicies.NONE : before.policies()));
  }

  private static @Nullable LiveUpstream known(
      RouteUpstream definition, @Nullable ServiceRoute before) {
    if (before != null) {
      for (LiveUpstream upstream : before.upstreams()) {
        if (upstream.is(definition)) {
          return upstream;
        }
      }
    }
    return null;
  }

  private LoadBalancingStrategy strategy(Route route) {
    PluginChoice choice = route.traffic().loadBalancing();
    var factory = plugins.loadBalancingStrategy(choice.name());
    if (factory.isEmpty()) {
      Set<String> known = plugins.loadBalancingStrategies().keySet();
      LOG.error(
          "WR-3402: {} wants the load-balancing strategy \"{}\", which nobody brings; round robin"
              + " takes over. Fix: choose one of {}.",
          route.service(),
          choice.name(),
          known);
      return new RoundRobin();
    }
    try {
      return factory.get().create(choice.settings());
    } catch (RuntimeException | LinkageError e) {
      LOG.error(
          "WR-3403: the load-balancing strategy \"{}\" of {} cannot be made; round robin takes"
              + " over. Fix: correct its settings or the plugin.",
          choice.name(),
          route.service(),
          e);
      return new RoundRobin();
    }
  }
}
