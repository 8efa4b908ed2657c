package io.wasmrunner.proxy.balancing;

/**
 * The latency of one upstream as Finagle's PeakEwma keeps it: a worse one counts at once, a better
 * one little by little, and without news it fades. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala">Finagle</a>,
 *     and Linkerd, which took it over
 */
final class Latency {
  private final double decayNanos;
  private double nanos;
  private long at;
  private boolean known;

  /**
   * Makes one that knows nothing.
   *
   * @param decayNanos after so long, what is old has 1/e of its weight
   */
  Latency(double decayNanos) {
    this.decayNanos = decayNanos;
  }

  /** Takes a request into account that took so long. */
  synchronized void observe(double took, long now) {
    nanos = took > nanos ? took : took + (nanos - took) * faded(now);
    at = now;
    known = true;
  }

  /** The estimate in nanoseconds; below zero when nothing is known. */
  synchronized double at(long now) {
    return known ? nanos * faded(now) : -1;
  }

  private double faded(long now) {
    return known ? Math.exp(-Math.max(0, now - at) / decayNanos) : 0;
  }
}
