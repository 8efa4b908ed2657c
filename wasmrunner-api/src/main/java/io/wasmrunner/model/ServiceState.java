package io.wasmrunner.model;

/** Where a service stands, from the states of its runners. */
public enum ServiceState {
  /** No runner is ready yet, none has failed. */
  STARTING,
  /** Every runner is ready. */
  READY,
  /** Some runners are ready. */
  DEGRADED,
  /** No runner is ready, at least one has failed. */
  DOWN,
  /** Stopped on purpose. */
  STOPPED,
  /** Stopped on purpose, and so after a restart of the process too. */
  DISABLED,
  /** Its files are wrong; nothing was started. */
  INVALID
}
