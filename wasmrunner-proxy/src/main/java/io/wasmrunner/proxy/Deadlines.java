package io.wasmrunner.proxy;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all exchanges of an event loop ten times a second. One timer for all of them: a timer
 * per request would cost more than most requests. Confined to its event loop.
 */
final class Deadlines {
  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
  private static final long TICK_MILLIS = 100;

  private final Vertx vertx;
  private final LongSupplier ticker;
  private final List<Watched> watched = new ArrayList<>();
  private boolean ticking;
  private long now;

  Deadlines(Vertx vertx, LongSupplier ticker) {
    this.vertx = vertx;
    this.ticker = ticker;
    this.now = ticker.getAsLong();
  }

  /** Something with deadlines. */
  abstract static class Watched {
    private int position = -1;

    /** Called every tick with the time in nanoseconds. */
    abstract void tick(long now);
  }

  /** The time of the last tick in nanoseconds, up to a tick behind. */
  long now() {
    return now;
  }

  /** The time in nanoseconds. */
  long preciseNow() {
    return ticker.getAsLong();
  }

  void add(Watched one) {
    if (!ticking) {
      ticking = true;
      now = ticker.getAsLong();
      vertx.setTimer(TICK_MILLIS, this::tick);
    }
    one.position = watched.size();
    watched.add(one);
  }

  void remove(Watched one) {
    if (one.position < 0) {
      return;
    }
    Watched last = watched.remove(watched.size() - 1);
    if (last != one) {
      watched.set(one.position, last);
      last.position = one.position;
    }
    one.position = -1;
  }

  /** Everything watched now. */
  List<Watched> all() {
    return List.copyOf(watched);
  }

  /** A fault of one must not leave all the others without deadlines. */
  private void tick(Watched one) {
    try {
      one.tick(now);
    } catch (RuntimeException e) {
      LOG.error("deadlines of an exchange", e);
    }
  }

  private void tick(Long timer) {
    now = ticker.getAsLong();
    // Backwards, for whoever removes itself is replaced by the last, which has been looked at.
    for (int i = watched.size() - 1; i >= 0; i--) {
      if (i < watched.size()) {
        tick(watched.get(i));
      }
    }
    ticking = !watched.isEmpty();
    if (ticking) {
      vertx.setTimer(TICK_MILLIS, this::tick);
    }
  }
}
