package io.wasmrunner.dashboard;

import java.util.List;
import java.util.SortedMap;

/**
 * What one runner has used, as far back as it is kept.
 *
 * @param samples oldest first
 * @param callsPerSecond calls of each function of the host since the sample before, one figure per
 *     sample; functions that were not called meanwhile are missing
 */
record RunnerHistory(List<UsageSample> samples, SortedMap<String, List<Double>> callsPerSecond) {}
