package io.wasmrunner.model;

/** What the proxy asks of the requests for a service. */
public record Policies() {
  /** The defaults. */
  public static final Policies DEFAULT = new Policies();
}
