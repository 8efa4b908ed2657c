package io.wasmrunner.scheduler;

import java.time.Duration;

/**
 * The bounds of the scheduler.
 *
 * @param maxPayloadBytes largest body of a message; default 1 MiB
 * @param maxPendingPerQueue deliveries of one queue that may wait at once; default 100,000
 * @param maxQueues queues that may exist; those with a subscriber are always allowed; default 1,000
 * @param maxStoreBytes size of the database at which publishing is refused; default 8 GiB
 * @param deliveryConcurrency deliveries under way at once, and planned runs of schedules; default
 *     16
 * @param perSubscriber deliveries under way at once to one service; default 4
 * @param keptDelivered delivered messages per queue whose record is kept; default 1,000
 * @param keptDeliveredFor how long they are kept at most; default 24 h
 * @param keptDead deliveries given up per queue that are kept; the oldest are dropped; default
 *     10,000
 */
public record SchedulerLimits(
    int maxPayloadBytes,
    int maxPendingPerQueue,
    int maxQueues,
    long maxStoreBytes,
    int deliveryConcurrency,
    int perSubscriber,
    int keptDelivered,
    Duration keptDeliveredFor,
    int keptDead) {
  /** The defaults. */
  public static final SchedulerLimits DEFAULT =
      new SchedulerLimits(
          1 << 20, 100_000, 1_000, 8L << 30, 16, 4, 1_000, Duration.ofHours(24), 10_000);

  /** Checks that every bound lets something through. */
  public SchedulerLimits {
    atLeastOne("maxPayloadBytes", maxPayloadBytes);
    atLeastOne("maxPendingPerQueue", maxPendingPerQueue);
    atLeastOne("maxQueues", maxQueues);
    atLeastOne("maxStoreBytes", maxStoreBytes);
    atLeastOne("deliveryConcurrency", deliveryConcurrency);
    atLeastOne("perSubscriber", perSubscriber);
    atLeastOne("keptDelivered", keptDelivered);
    atLeastOne("keptDead", keptDead);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
