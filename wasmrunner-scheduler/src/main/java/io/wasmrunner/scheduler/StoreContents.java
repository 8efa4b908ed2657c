package io.wasmrunner.scheduler;

import java.util.List;

/**
 * What a store held at start.
 *
 * @param queues every queue with its counts
 * @param subscriptions the active ones
 * @param schedules every schedule that was ever seen
 */
record StoreContents(
    List<QueueCounts> queues, List<Subscription> subscriptions, List<ScheduleState> schedules) {
  /**
   * Counts of a queue.
   *
   * @param name its name
   * @param published messages accepted so far
   * @param delivered deliveries that succeeded so far
   * @param pending deliveries that wait
   * @param dead deliveries given up and still kept
   */
  record QueueCounts(String name, long published, long delivered, long pending, long dead) {}
}
