package io.wasmrunner.proxy;

import io.wasmrunner.proxy.resilience.CircuitBreaker;
import io.wasmrunner.proxy.resilience.CircuitBreaker.Pass;
import io.wasmrunner.proxy.resilience.ConcurrencyGate;
import io.wasmrunner.proxy.resilience.ConcurrencyGate.Entry;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's way past the limit and the circuit breaker of its service. Confined to its event loop
 * but for {@link #letIn}.
 */
final class Leave extends Deadlines.Watched implements ConcurrencyGate.Waiter {
  private static final Logger LOG = LoggerFactory.getLogger(Leave.class);

  private final Exchange exchange;
  private final Guard guard;
  private final Forwarder forwarder;
  private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.WAITS);
  private long cameAt;
  private boolean inside;
  private Pass pass = Pass.FREE;

  private enum Standing {
    WAITS,
    LET_IN,
    GONE
  }

  Leave(Exchange exchange, Guard guard, Forwarder forwarder) {
    this.exchange = exchange;
    this.guard = guard;
    this.forwarder = forwarder;
  }

  void start() {
    cameAt = exchange.loop().deadlines().preciseNow();
    CircuitBreaker breaker = guard.breaker();
    if (breaker != null && breaker.refuses(cameAt)) {
      refuseForCircuit(breaker);
      return;
    }
    ConcurrencyGate gate = guard.gate();
    Entry entry = gate == null ? Entry.IN : gate.enter(this);
    switch (entry) {
      case IN -> {
        inside = gate != null;
        pass();
      }
      case FULL -> exchange.refuse(UpstreamFailure.queueFull(exchange));
      case WAITS -> waitInQueue();
    }
  }

  /* ---- in the queue ---- */

  private void waitInQueue() {
    exchange.request().pause();
    exchange.response().exceptionHandler(this::clientLeft);
    exchange.loop().deadlines().add(this);
  }

  @Override
  public boolean letIn() {
    if (!standing.compareAndSet(Standing.WAITS, Standing.LET_IN)) {
      return false;
    }
    // Never at once: whoever has left is in the middle of something.
    exchange.loop().context().runOnContext(later -> leftQueue());
    return true;
  }

  private void leftQueue() {
    exchange.loop().deadlines().remove(this);
    inside = true;
    if (exchange.response().closed()) {
      release();
      exchange.clientLeft();
      return;
    }
    exchange.explanation().note("limit", "waited for a free place");
    if (!exchange.hasBody() && !exchange.isWebSocket()) {
      exchange.request().resume();
    }
    try {
      pass();
    } catch (RuntimeException e) {
      LOG.error("{}: a request that had waited failed", Problem.INTERNAL.code(), e);
      exchange.refuse(UpstreamFailure.internal());
    }
  }

  private void clientLeft(Throwable cause) {
    if (giveUp()) {
      LOG.debug("client {} left while it waited", exchange.clientAddress(), cause);
      exchange.clientLeft();
    }
  }

  @Override
  void tick(long now) {
    ConcurrencyGate gate = guard.gate();
    if (gate != null && now - cameAt > gate.queueNanos() && giveUp()) {
      exchange.refuse(UpstreamFailure.waitedTooLong(exchange));
    }
  }

  private boolean giveUp() {
    ConcurrencyGate gate = guard.gate();
    if (gate == null || !standing.compareAndSet(Standing.WAITS, Standing.GONE)) {
      return false;
    }
    exchange.loop().deadlines().remove(this);
    gate.giveUp(this);
    return true;
  }

  /* ---- past the queue ---- */

  private void pass() {
    long now = exchange.loop().deadlines().preciseNow();
    exchange.admittedBy(this);
    CircuitBreaker breaker = guard.breaker();
    if (breaker != null) {
      pass = breaker.ask(now);
      if (pass == Pass.REFUSED) {
        refuseForCircuit(breaker);
        return;
      }
    }
    if (guard.retries() != null) {
      guard.retries().requested(now);
    }
    try {
      forwarder.forward(exchange);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  private void refuseForCircuit(CircuitBreaker breaker) {
    long now = exchange.loop().deadlines().preciseNow();
    exchange.explanation().note("limit", "the circuit breaker is open");
    exchange.refuse(UpstreamFailure.circuitOpen(exchange, breaker.nanosLeft(now)));
  }

  /** How the next outcome counts for the breaker; the first outcome of a request is its probe's. */
  Pass takePass() {
    Pass taken = pass;
    pass = Pass.FREE;
    return taken;
  }

  /** The exchange is over; idempotent. */
  void release() {
    if (inside) {
      inside = false;
      if (guard.gate() != null) {
        guard.gate().leave();
      }
    }
    if (takePass() == Pass.PROBE && guard.breaker() != null) {
      guard.breaker().probeWasted();
    }
  }
}
