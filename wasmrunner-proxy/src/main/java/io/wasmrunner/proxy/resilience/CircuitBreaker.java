package io.wasmrunner.proxy.resilience;

import io.wasmrunner.model.CircuitBreaking;
import io.wasmrunner.proxy.resilience.SlidingCounts.Sums;
import java.util.function.BiConsumer;

/** Refuses everything for a while when too much fails, then tries with a few requests. */
public final class CircuitBreaker {
  private final CircuitBreaking settings;
  private final BiConsumer<State, String> changed;
  private final SlidingCounts counts;
  private final long openNanos;
  private volatile State state = State.CLOSED;
  private volatile long openedAt;
  private int probesOut;
  private int probesGood;

  /** Where it stands. */
  public enum State {
    /** Lets everything through. */
    CLOSED,
    /** Lets nothing through. */
    OPEN,
    /** Lets a few through. */
    HALF_OPEN
  }

  /** What becomes of a request. */
  public enum Pass {
    /** Goes through. */
    FREE,
    /** Goes through, and its outcome decides. */
    PROBE,
    /** Does not. */
    REFUSED
  }

  /**
   * Makes one that is closed.
   *
   * @param changed told of each new state, and why; under the breaker's lock, so it must be quick
   */
  public CircuitBreaker(CircuitBreaking settings, BiConsumer<State, String> changed) {
    this.settings = settings;
    this.changed = changed;
    this.counts = new SlidingCounts(settings.window().toNanos());
    this.openNanos = settings.openTime().toNanos();
  }

  /** Where it stands; it leaves {@link State#OPEN} with the next request only. */
  public State state() {
    return state;
  }

  /** Asks for a request; a {@link Pass#PROBE} has to be followed by one of the other calls. */
  public Pass ask(long now) {
    return state == State.CLOSED ? Pass.FREE : askWhileNotClosed(now);
  }

  /** Whether {@link #ask} would refuse, without asking. */
  public boolean refuses(long now) {
    return state == State.OPEN && now - openedAt < openNanos;
  }

  /** Nanoseconds until it may be worth asking again; at least one. */
  public long nanosLeft(long now) {
    return Math.max(1, openNanos - (now - openedAt));
  }

  private synchronized Pass askWhileNotClosed(long now) {
    if (state == State.OPEN && now - openedAt >= openNanos) {
      probesOut = 0;
      probesGood = 0;
      become(State.HALF_OPEN, "the next %d requests are let through".formatted(settings.probes()));
    }
    if (state == State.CLOSED) {
      return Pass.FREE;
    }
    if (state == State.OPEN || probesOut >= settings.probes()) {
      return Pass.REFUSED;
    }
    probesOut++;
    return Pass.PROBE;
  }

  /** An attempt ended. */
  public void ended(boolean failed, Pass pass, long now) {
    if (pass == Pass.PROBE) {
      probeEnded(failed, now);
    } else if (state == State.CLOSED) {
      counts.add(now, 1, failed ? 1 : 0);
      if (failed) {
        openIfTooMany(now);
      }
    }
  }

  /** A probe ended without telling anything, so another one may go. */
  public synchronized void probeWasted() {
    if (state == State.HALF_OPEN && probesOut > 0) {
      probesOut--;
    }
  }

  private synchronized void probeEnded(boolean failed, long now) {
    if (state != State.HALF_OPEN) {
      return; // Another probe has decided.
    }
    if (failed) {
      open(now, "a request that was let through failed");
    } else if (++probesGood >= settings.probes()) {
      counts.clear();
      become(State.CLOSED, "the requests that were let through succeeded");
    }
  }

  private synchronized void openIfTooMany(long now) {
    Sums sums = counts.sums(now);
    if (state == State.CLOSED
        && sums.all() >= settings.minRequests()
        && sums.marked() * 100 >= sums.all() * settings.failurePercent()) {
      open(now, "%d of the last %d requests failed".formatted(sums.marked(), sums.all()));
    }
  }

  private void open(long now, String why) {
    openedAt = now;
    become(State.OPEN, why);
  }

  private void become(State next, String why) {
    state = next;
    changed.accept(next, why);
  }
}
