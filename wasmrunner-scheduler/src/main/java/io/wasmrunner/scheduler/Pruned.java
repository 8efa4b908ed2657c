package io.wasmrunner.scheduler;

import java.util.List;
import java.util.Map;

/**
 * What was dropped.
 *
 * @param dead deliveries given up that were dropped, by queue
 * @param queues queues that were forgotten: unused, without subscriber and empty
 * @param more whether there is more to drop
 */
record Pruned(Map<String, Integer> dead, List<String> queues, boolean more) {}
