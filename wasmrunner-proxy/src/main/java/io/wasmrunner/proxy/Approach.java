package io.wasmrunner.proxy;

import io.wasmrunner.proxy.resilience.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The way to a runner: turns to one after another until one gives a connection. Until then nothing
 * has been sent, so any other runner will do. Confined to its event loop.
 */
final class Approach implements RunnerConnections.Taker {
  private final NativeForwarder forwarder;
  private final Exchange exchange;
  private final Goal goal;
  private final Attempts attempts;
  private final Deadlines deadlines;
  private final long startedAt;
  private long turnedAt;
  private boolean awaiting;
  private boolean hasAwaited;
  private boolean told;
  private @Nullable LiveUpstream upstream;
  private RunnerConnections.@Nullable Ticket ticket;

  /** Whoever wants a connection; one of the two is called for each {@link #turn}. */
  interface Goal {
    /** Here it is. */
    void connected(RunnerConnection connection);

    /** No runner is left to try. */
    void unreachable(Refusal refusal);
  }

  Approach(NativeForwarder forwarder, Exchange exchange, Goal goal) {
    this.forwarder = forwarder;
    this.exchange = exchange;
    this.goal = goal;
    this.attempts = new Attempts(exchange);
    this.deadlines = exchange.loop().deadlines();
    this.startedAt = deadlines.preciseNow();
  }

  /** When it began, in nanoseconds. */
  long startedAt() {
    return startedAt;
  }

  /** The runner it has turned to. */
  @Nullable LiveUpstream upstream() {
    return upstream;
  }

  /**
   * Turns to the next runner; the goal may be reached before this returns.
   *
   * @param fresh whether the connection must be one that no request went over
   */
  void turn(boolean fresh) {
    leave();
    LiveUpstream next = attempts.next();
    if (next == null) {
      Refusal refusal = attempts.exhausted();
      if (!awaitsRunner()) {
        goal.unreachable(refusal);
      }
      return;
    }
    upstream = next;
    told = false;
    turnedAt = deadlines.preciseNow();
    next.begin();
    RunnerConnections.Ticket wish = forwarder.of(next).ticket(this);
    ticket = wish;
    wish.present(fresh);
  }

  /** Begins to wait until some runner can take it, if it may. */
  private boolean awaitsRunner() {
    long patience = exchange.route().patience().runner();
    boolean may =
        patience > 0 && deadlines.preciseNow() - startedAt < patience && forwarder.mayAwaitRunner();
    if (may) {
      awaiting = true;
      forwarder.awaitingRunner(1);
    }
    return may;
  }

  private void awaitNoMore() {
    if (awaiting) {
      awaiting = false;
      forwarder.awaitingRunner(-1);
    }
  }

  /** Lets go of the runner. */
  void leave() {
    awaitNoMore();
    LiveUpstream left = upstream;
    upstream = null;
    if (ticket != null) {
      ticket.cancel();
      ticket = null;
    }
    if (left != null) {
      left.end();
    }
  }

  /** All runners may be tried again, that of the last attempt only when there is no other. */
  void startOver() {
    attempts.startOver(upstream);
  }

  /** Tells how the attempt ended that went out at this time; only the first call does. */
  void completed(long sentAt, Outcome outcome) {
    if (upstream != null && !told) {
      told = true;
      exchange.ended(upstream, deadlines.preciseNow() - sentAt, outcome);
    }
  }

  /** Gives a runner up that takes too long; called every tick until there is a connection. */
  void tick(long now) {
    if (awaiting) {
      if (!hasAwaited) {
        hasAwaited = true;
        exchange.explanation().note("runner", "waited for one that can take it");
      }
      attempts.startOver(null);
      turn(false);
      return;
    }
    if (now - turnedAt <= exchange.route().patience().connect()) {
      return;
    }
    if (ticket != null && ticket.isQueued()) {
      exclude(UpstreamFailure.busy(exchange));
    } else {
      suspect("took no connection in time");
      exclude(UpstreamFailure.notConnectedInTime(exchange));
    }
  }

  @Override
  public void connected(RunnerConnection connection) {
    ticket = null;
    goal.connected(connection);
  }

  @Override
  public void notConnected(RunnerConnections.Failure failure, @Nullable Throwable cause) {
    switch (failure) {
      case BUSY -> exclude(UpstreamFailure.busy(exchange));
      case REFUSED -> {
        suspect("took no connection: " + (cause == null ? "no reason" : cause.getMessage()));
        exclude(UpstreamFailure.refused(exchange));
      }
      case RETIRED -> turn(false);
    }
  }

  private void exclude(Refusal otherwise) {
    if (upstream != null) {
      attempts.exclude(upstream, otherwise);
    }
    turn(false);
  }

  private void suspect(String reason) {
    if (upstream != null) {
      completed(startedAt, Outcome.CONNECT);
      exchange.loop().suspicions().tell(upstream, reason);
    }
  }
}
