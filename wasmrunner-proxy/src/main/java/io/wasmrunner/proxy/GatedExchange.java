package io.wasmrunner.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.proxy.policy.Admission;
import io.wasmrunner.proxy.policy.Denial;
import io.wasmrunner.proxy.policy.PolicyRequest;
import io.wasmrunner.proxy.policy.RoutePolicies;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request on its way through the policies of its service, in front of the forwarder. Confined to
 * its event loop.
 */
final class GatedExchange extends Deadlines.Watched implements Admission.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(GatedExchange.class);

  /** So long may it take to find out who calls, or to compile a contract. */
  private static final long CHECK_NANOS = 10_000_000_000L;

  private final Exchange exchange;
  private final Forwarder forwarder;
  private final PolicyRequest seen;
  private final Admission admission;
  private boolean waiting = true;
  private boolean reading;
  private long movedAt;

  private GatedExchange(Exchange exchange, Forwarder forwarder, boolean delivery) {
    this.exchange = exchange;
    this.forwarder = forwarder;
    this.seen = seen(exchange, delivery);
    this.admission = exchange.loop().policing().admission(exchange.route().policies(), seen, this);
    exchange.admission(admission);
  }

  /**
   * Forwards a request if the policies of its service let it through, else answers it.
   *
   * @param delivery whether it is from wasmrunner itself
   */
  static void pass(Exchange exchange, Forwarder forwarder, boolean delivery) {
    RoutePolicies policies = exchange.route().policies();
    if (policies.isEmpty()) {
      forwarder.forward(exchange);
    } else {
      new GatedExchange(exchange, forwarder, delivery).begin();
    }
  }

  private static PolicyRequest seen(Exchange exchange, boolean delivery) {
    return new PolicyRequest(
        exchange.request(),
        HopHeaders.passed(exchange.request().headers()),
        exchange.path(),
        queryOf(exchange),
        exchange.clientAddress(),
        delivery,
        exchange.hasBody(),
        exchange.hasBody() && RequestBody.isAwaitingLeave(exchange.request()));
  }

  private static @Nullable String queryOf(Exchange exchange) {
    String uri = exchange.uri();
    int query = uri.indexOf('?');
    return query < 0 ? null : uri.substring(query + 1);
  }

  private void begin() {
    movedAt = exchange.loop().deadlines().now();
    if (exchange.hasBody() || exchange.isWebSocket()) {
      exchange.request().pause();
    }
    exchange.response().exceptionHandler(this::clientFailed);
    exchange.loop().deadlines().add(this);
    admission.begin();
  }

  @Override
  public void admitted(HttpServerRequest withBody) {
    leave();
    String caller = admission.callerName();
    if (caller != null) {
      exchange.explanation().note("policy", "caller " + caller);
    }
    exchange.carry(withBody);
    String query = admission.query();
    if (!Objects.equals(query, seen.query())) {
      exchange.query(query);
    }
    forwarder.forward(exchange);
  }

  @Override
  public void denied(Denial denial) {
    leave();
    exchange.abort(refusal(denial));
  }

  @Override
  public void answered(int status) {
    leave();
    exchange.explanation().note("policy", "answered in place of the service: preflight");
    exchange.count(status);
    exchange.response().setStatusCode(status).headers().addAll(admission.answerHeaders());
    exchange.visit().signHead();
    exchange.response().end();
    exchange.visit().over();
    RequestBody.skip(exchange.loop().vertx(), exchange.request());
  }

  @Override
  public void reading() {
    reading = true;
    movedAt = exchange.loop().deadlines().now();
  }

  @Override
  public void moved() {
    movedAt = exchange.loop().deadlines().now();
  }

  @Override
  void tick(long now) {
    if (reading && now - movedAt > exchange.route().patience().idle()) {
      stop(UpstreamFailure.bodyStalled());
    } else if (!reading && now - movedAt > CHECK_NANOS) {
      stop(
          Problem.CHECK_UNAVAILABLE.because(
              "The request could not be checked in time.", "Try again in a second."));
    }
  }

  /** A refusal that says what a denial says. */
  static Refusal refusal(Denial denial) {
    Problem problem = Problem.valueOf(denial.reason().name());
    return new Refusal(problem, denial.detail(), denial.fix(), denial.more(), denial.headers());
  }

  private void stop(Refusal refusal) {
    leave();
    admission.abandon();
    exchange.refuse(refusal);
  }

  private void clientFailed(Throwable cause) {
    if (waiting) {
      LOG.debug("client {} left", exchange.clientAddress(), cause);
      leave();
      exchange.clientLeft();
    }
  }

  private void leave() {
    waiting = false;
    exchange.loop().deadlines().remove(this);
  }
}
