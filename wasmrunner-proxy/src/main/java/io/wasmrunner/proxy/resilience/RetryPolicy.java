package io.wasmrunner.proxy.resilience;

import io.wasmrunner.model.Retries;
import io.wasmrunner.model.Retries.Cause;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** When requests of a service are sent again, and how often all of them may be. */
public final class RetryPolicy {
  private final Retries settings;
  private final RetryBudget budget;
  private final Backoff backoff;
  private final DoubleSupplier lot;
  private final LongAdder count = new LongAdder();

  /** What becomes of a failed attempt. */
  public enum Decision {
    /** It is made again. */
    RETRY,
    /** This failure is none after which it is. */
    OTHER_FAILURE,
    /** It was made as often as it may. */
    TOO_OFTEN,
    /** All requests together were made again too often. */
    NO_BUDGET
  }

  /**
   * Makes one.
   *
   * @param lot gives numbers from 0 to 1, that one excluded; thread-safe
   */
  public RetryPolicy(Retries settings, DoubleSupplier lot) {
    this.settings = settings;
    this.budget = new RetryBudget(settings.budgetPercent());
    this.backoff = new Backoff(settings.backoff(), settings.maxBackoff());
    this.lot = lot;
  }

  /** A request came. */
  public void requested(long now) {
    budget.requested(now);
  }

  /** Decides; a retry is counted. */
  public Decision decide(Outcome failure, int retriesSoFar, long now) {
    boolean wanted =
        switch (failure) {
          case CONNECT -> settings.on().contains(Cause.CONNECT);
          case RESET -> settings.on().contains(Cause.RESET);
          case TIMEOUT -> settings.on().contains(Cause.TIMEOUT);
          case STATUS -> settings.on().contains(Cause.STATUS);
          case OK, INVALID -> false;
        };
    if (!wanted) {
      return Decision.OTHER_FAILURE;
    }
    if (retriesSoFar >= settings.attempts()) {
      return Decision.TOO_OFTEN;
    }
    if (!budget.tryRetry(now)) {
      return Decision.NO_BUDGET;
    }
    count.increment();
    return Decision.RETRY;
  }

  /** Retries so far. */
  public long count() {
    return count.sum();
  }

  /** The pause before a retry, 1 for the first. */
  public Duration pause(int retry) {
    return backoff.pause(retry, lot);
  }

  /** Whether a request may be sent again after a runner may have seen it. */
  public boolean mayRepeat(boolean idempotent) {
    return idempotent || settings.nonIdempotent();
  }

  /** Nanoseconds to the head of an answer, for each attempt. */
  public long perTryNanos() {
    return settings.perTryTimeout().isZero() ? Long.MAX_VALUE : settings.perTryTimeout().toNanos();
  }

  /** Bytes of a body that are kept. */
  public int bodyBytes() {
    return settings.bodyKb() * 1024;
  }
}
