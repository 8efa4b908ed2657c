package io.wasmrunner.proxy;

import io.wasmrunner.bus.ExplainQuery;
import io.wasmrunner.bus.ExplainReply;
import io.wasmrunner.bus.ExplainReply.Candidate;
import io.wasmrunner.model.Decision;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.proxy.RequestTarget.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says where a request would go without sending one. */
final class RoutingExplained {
  private RoutingExplained() {}

  static ExplainReply of(RouteTable table, ExplainQuery query) {
    RequestTarget target;
    RouteTable.Match match;
    try {
      target = RequestTarget.parse(query.target());
      if (Reserved.is(RouteTable.canonical(target.path()))) {
        return new ExplainReply(
            "management",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(new Decision("route", target.path() + " is wasmrunner's own")));
      }
      match = table.find(target);
    } catch (Refused refused) {
      return refused(EntryHandler.badPath(refused));
    }
    if (match == null) {
      return refused(Unrouted.refusal(table, target));
    }
    return served(match, target);
  }

  private static ExplainReply refused(Refusal refusal) {
    return new ExplainReply(
        "refused",
        Optional.of(refusal.problem().code()),
        Optional.of(refusal.problem().status()),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(new Decision("refused", refusal.detail())));
  }

  private static ExplainReply served(RouteTable.Match match, RequestTarget target) {
    ServiceRoute route = match.route();
    List<Candidate> runners = new ArrayList<>();
    int usable = 0;
    for (LiveUpstream upstream : route.upstreams()) {
      boolean available = route.available().contains(upstream);
      usable += available && !upstream.full() ? 1 : 0;
      runners.add(
          new Candidate(
              upstream.id(),
              upstream.generation(),
              upstream.authority(),
              available,
              upstream.activeRequests()));
    }
    Timeouts timeouts = route.route().traffic().timeouts();
    List<Decision> decisions = new ArrayList<>();
    decisions.add(
        new Decision("route", "/" + route.route().prefix() + " is served by " + route.service()));
    decisions.add(
        new Decision(
            "runner",
            route.route().traffic().loadBalancing().name()
                + " chooses among "
                + usable
                + " of "
                + runners.size()
                + " runners"));
    decisions.add(
        new Decision(
            "limit",
            "timeouts: connect %s, first byte %s, idle %s, total %s"
                .formatted(
                    timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total())));
    Problem problem = usable == 0 ? Problem.NO_HEALTHY_RUNNER : null;
    return new ExplainReply(
        problem == null ? "service" : "refused",
        Optional.ofNullable(problem).map(Problem::code),
        Optional.ofNullable(problem).map(Problem::status),
        Optional.of(route.service()),
        Optional.of(match.path() + target.suffix()),
        runners,
        decisions);
  }
}
