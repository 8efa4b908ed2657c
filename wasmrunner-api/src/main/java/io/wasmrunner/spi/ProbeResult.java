package io.wasmrunner.spi;

/**
 * What a probe found.
 *
 * @param healthy whether the runner is well
 * @param detail one line for people, such as {@code HTTP 503}
 */
public record ProbeResult(boolean healthy, String detail) {
  /** A runner that is well. */
  public static ProbeResult healthy(String detail) {
    return new ProbeResult(true, detail);
  }

  /** A runner that is not. */
  public static ProbeResult unhealthy(String detail) {
    return new ProbeResult(false, detail);
  }
}
