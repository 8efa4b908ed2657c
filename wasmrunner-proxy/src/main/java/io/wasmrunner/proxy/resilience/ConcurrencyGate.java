package io.wasmrunner.proxy.resilience;

import io.wasmrunner.model.ConcurrencyLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Lets so many in at a time; the others wait in a bounded queue, in order. */
public final class ConcurrencyGate {
  private final int queueSize;
  private final long queueNanos;
  private final @Nullable AdaptiveLimit adaptive;
  private final AtomicInteger inside = new AtomicInteger();
  private final Deque<Waiter> queue = new ArrayDeque<>();
  private volatile int waiting;
  private volatile int limit;

  /** Who may have to wait. */
  public interface Waiter {
    /**
     * Lets it in; called once at most, on any thread, and must be quick.
     *
     * @return whether it still wants to; if not, the next one is let in
     */
    boolean letIn();
  }

  /** What becomes of who comes. */
  public enum Entry {
    /** Is in. */
    IN,
    /** Has to wait. */
    WAITS,
    /** Has to go: too many wait. */
    FULL
  }

  /** Makes an empty one. */
  public ConcurrencyGate(ConcurrencyLimit settings) {
    this.queueSize = settings.queueSize();
    this.queueNanos = settings.queueTimeout().toNanos();
    this.adaptive = settings.adaptive() ? new AdaptiveLimit(settings.max()) : null;
    this.limit =
        settings.adaptive() ? Math.min(AdaptiveLimit.FIRST, settings.max()) : settings.max();
  }

  /** How long one may wait, in nanoseconds. */
  public long queueNanos() {
    return queueNanos;
  }

  /** How many may be inside now. */
  public int limit() {
    return limit;
  }

  /** How many are inside. */
  public int inside() {
    return inside.get();
  }

  /** How many wait. */
  public int waiting() {
    return waiting;
  }

  /** Wants in; who is let in calls {@link #leave} once. */
  public Entry enter(Waiter waiter) {
    if (waiting == 0 && tryEnter()) {
      return Entry.IN;
    }
    synchronized (queue) {
      if (queue.isEmpty() && tryEnter()) {
        return Entry.IN;
      }
      if (queue.size() >= queueSize) {
        return Entry.FULL;
      }
      queue.addLast(waiter);
      waiting = queue.size();
    }
    letNextIn(); // Somebody may have left before he could see that one waits.
    return Entry.WAITS;
  }

  /** Waits no more. */
  public void giveUp(Waiter waiter) {
    synchronized (queue) {
      queue.remove(waiter);
      waiting = queue.size();
    }
  }

  /** Leaves. */
  public void leave() {
    inside.decrementAndGet();
    if (waiting > 0) {
      letNextIn();
    }
  }

  /** Tells an adaptive limit how a request went. */
  public void ended(long tookNanos, Outcome outcome, long now) {
    if (adaptive == null) {
      return;
    }
    boolean lost = outcome != Outcome.OK && outcome != Outcome.STATUS;
    int before = limit;
    limit = adaptive.ended(tookNanos, lost, inside.get(), now);
    if (limit > before && waiting > 0) {
      letNextIn();
    }
  }

  private void letNextIn() {
    List<Waiter> next = List.of();
    synchronized (queue) {
      while (!queue.isEmpty() && tryEnter()) {
        if (next.isEmpty()) {
          next = new ArrayList<>(1);
        }
        next.add(queue.removeFirst());
      }
      waiting = queue.size();
    }
    for (Waiter waiter : next) {
      if (!waiter.letIn()) {
        leave();
      }
    }
  }

  private boolean tryEnter() {
    int now = inside.get();
    while (now < limit) {
      if (inside.compareAndSet(now, now + 1)) {
        return true;
      }
      now = inside.get();
    }
    return false;
  }
}
