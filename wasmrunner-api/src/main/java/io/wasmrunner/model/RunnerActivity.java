package io.wasmrunner.model;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a runner does with the host, since its start.
 *
 * @param throttled time for which it was made to wait because its share of a core was used up
 * @param openDescriptors files and sockets it has open
 * @param descriptorLimit how many it may have open; 0 where unknown
 * @param descriptorRefusals how many it wanted beyond that
 * @param lastCall function of the host that it calls now or called last; empty where unknown
 * @param calls calls by function, in a stable order
 */
public record RunnerActivity(
    Duration throttled,
    int openDescriptors,
    int descriptorLimit,
    long descriptorRefusals,
    String lastCall,
    Map<String, CallCount> calls) {
  /** Nothing is known. */
  public static final RunnerActivity UNKNOWN =
      new RunnerActivity(Duration.ZERO, 0, 0, 0, "", Map.of());

  /** Copies the map. */
  public RunnerActivity {
    calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
  }
}
