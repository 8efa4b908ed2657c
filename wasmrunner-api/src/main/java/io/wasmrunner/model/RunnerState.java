package io.wasmrunner.model;

/** Where a runner stands. */
public enum RunnerState {
  /** Started, not yet healthy. */
  STARTING,
  /** Healthy; gets requests. */
  READY,
  /** Running, but its probes fail; gets no requests. */
  UNHEALTHY,
  /** Gets no new requests, finishes those it has. */
  DRAINING,
  /** Ended; starts again after a pause. */
  BACKOFF,
  /** Ended too often in too short a time; pauses are at their longest. */
  CRASH_LOOP,
  /** Not running, on purpose. */
  STOPPED
}
