package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ContractFindings;
import io.wasmrunner.bus.ContractQuery;
import io.wasmrunner.bus.ExplainQuery;
import io.wasmrunner.bus.RefusalsPage;
import io.wasmrunner.bus.RefusalsQuery;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.bus.UpstreamActivityQuery;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the route table up to date and answers questions about traffic.
 *
 * <p>The bus may lose a message, so the routes are asked for now and then as well: soon while they
 * are unknown, seldom after that.
 */
final class ControlVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ControlVerticle.class);
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
  private static final long ASK_SOON_MILLIS = 100;
  private static final long SWEEP_MILLIS = 1_000;
  private static final long ASK_SELDOM_MILLIS = 15_000;

  private final SharedState shared;
  private final Bus bus;

  ControlVerticle(SharedState shared, Bus bus) {
    this.shared = shared;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    bus.subscribe(BusAddress.ROUTES_CHANGED, RoutesSnapshot.class, shared.routes()::apply);
    var stats =
        bus.serve(
            BusAddress.STATS_READ,
            StatsQuery.class,
            query ->
                Future.succeededFuture(
                    new StatsSnapshot(
                        shared.traffic().snapshot(),
                        shared.securityEvents().counts(),
                        shared.report().of(shared.routes().table()))));
    var activity =
        bus.serve(
            BusAddress.UPSTREAM_ACTIVITY,
            UpstreamActivityQuery.class,
            query ->
                Future.succeededFuture(
                    shared.routes().activity(query.runner(), query.generation())));
    vertx.setPeriodic(SWEEP_MILLIS, timer -> shared.routes().readmit());
    var contracts =
        bus.serve(
            BusAddress.CONTRACT_READ,
            ContractQuery.class,
            query -> Future.succeededFuture(findings(query.service())));
    var explain =
        bus.serve(
            BusAddress.ROUTES_EXPLAIN,
            ExplainQuery.class,
            query -> Future.succeededFuture(RoutingExplained.of(shared.routes().table(), query)));
    var refusals =
        bus.serve(
            BusAddress.REFUSALS_READ,
            RefusalsQuery.class,
            query ->
                Future.succeededFuture(new RefusalsPage(shared.refusals().last(query.limit()))));
    ask();
    return Future.all(
        List.of(
            stats.completion(),
            activity.completion(),
            contracts.completion(),
            explain.completion(),
            refusals.completion()));
  }

  private ContractFindings findings(String service) {
    Map<String, ContractReport> reports = new HashMap<>();
    for (ServiceRoute route : shared.routes().table().routes()) {
      if (service.isEmpty() || service.equals(route.service())) {
        shared
            .policing()
            .report(route.policies())
            .ifPresent(report -> reports.put(route.service(), report));
      }
    }
    return new ContractFindings(reports);
  }

  private void ask() {
    bus.request(BusAddress.ROUTES_LIST, new RoutesQuery(), RoutesSnapshot.class, ASK_TIMEOUT)
        .onComplete(
            snapshot -> shared.routes().apply(snapshot),
            notYet -> LOG.debug("no routes yet", notYet))
        .onComplete(
            asked ->
                vertx.setTimer(
                    shared.routes().table().known() ? ASK_SELDOM_MILLIS : ASK_SOON_MILLIS,
                    timer -> ask()));
  }
}
