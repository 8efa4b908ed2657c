package io.wasmrunner.proxy.resilience;

/**
 * A limit of requests under way that follows the latency: Gradient2 of Netflix's
 * concurrency-limits. While the latency of now is about that of the long run, the limit grows a
 * little; when requests queue up somewhere behind us the latency rises, and the limit shrinks by
 * the ratio. Lost and refused requests take a tenth off.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 */
final class AdaptiveLimit {
  static final int FIRST = 20;
  static final int LEAST = 4;

  private static final int HEADROOM = 4;
  private static final double SMOOTHING = 0.2;
  private static final double TOLERANCE = 1.5;
  private static final double AFTER_LOSS = 0.9;
  private static final int WARM_UP = 10;

  /** So many windows make up the long run. */
  private static final int LONG_RUN = 600;

  private static final int WINDOW_SAMPLES = 10;
  private static final long WINDOW_NANOS = 100_000_000L;

  private final int most;
  private double limit;
  private double longRun;
  private int windows;

  private long windowFrom;
  private double sum;
  private int samples;
  private int mostInFlight;
  private boolean lost;

  AdaptiveLimit(int most) {
    this.most = most;
    this.limit = Math.min(FIRST, most);
  }

  /** The limit of now, once this request has been taken into account. */
  synchronized int ended(long tookNanos, boolean wasLost, int inFlight, long now) {
    if (samples == 0 && !lost) {
      windowFrom = now;
    }
    lost |= wasLost;
    if (!wasLost) {
      sum += tookNanos;
      samples++;
    }
    mostInFlight = Math.max(mostInFlight, inFlight);
    if ((samples >= WINDOW_SAMPLES || lost) && now - windowFrom >= WINDOW_NANOS) {
      limit = Math.max(Math.min(LEAST, most), Math.min(most, next()));
      sum = 0;
      samples = 0;
      mostInFlight = 0;
      lost = false;
    }
    return (int) limit;
  }

  private double next() {
    if (lost) {
      return limit * AFTER_LOSS;
    }
    double now = sum / samples;
    longRun = longRun(now);
    // After a load that has gone, the long run has to come down faster than by the average.
    if (longRun > 2 * now) {
      longRun *= 0.95;
    }
    if (mostInFlight < limit / 2) {
      return limit; // What is not used need not grow.
    }
    double gradient = Math.max(0.5, Math.min(1, TOLERANCE * longRun / now));
    return limit * (1 - SMOOTHING) + (limit * gradient + HEADROOM) * SMOOTHING;
  }

  private double longRun(double now) {
    windows++;
    if (windows <= WARM_UP) {
      return longRun + (now - longRun) / windows;
    }
    return longRun + (now - longRun) * 2 / (LONG_RUN + 1);
  }
}
