package io.wasmrunner.model;

/** What the proxy does about runners that fail or are slow. */
public record Resilience() {
  /** The defaults. */
  public static final Resilience DEFAULT = new Resilience();
}
