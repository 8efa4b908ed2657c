package io.wasmrunner.proxy.resilience;

import io.wasmrunner.model.Ejection;
import io.wasmrunner.proxy.resilience.SlidingCounts.Sums;
import java.util.Collection;
import java.util.OptionalLong;

/** Decides which runners of a service are left out for a while. */
public final class OutlierDetection {
  private final Ejection settings;
  private final long baseNanos;
  private final long maxNanos;
  private final long intervalNanos;

  /** Makes one. */
  public OutlierDetection(Ejection settings) {
    this.settings = settings;
    this.baseNanos = settings.baseTime().toNanos();
    this.maxNanos = Math.max(baseNanos, settings.maxTime().toNanos());
    this.intervalNanos = settings.interval().toNanos();
  }

  /** Of a runner that is new. */
  public RunnerHealth newcomer() {
    return new RunnerHealth(intervalNanos);
  }

  /** Takes an outcome into account; says whether the runner has to go. */
  public boolean record(RunnerHealth runner, boolean failed, long now) {
    if (runner.isEjected()) {
      return false; // It was under way when the runner was ejected, or there is panic.
    }
    int inARow = 0;
    if (failed) {
      inARow = runner.failuresInARow.incrementAndGet();
    } else if (runner.failuresInARow.get() != 0) {
      runner.failuresInARow.set(0);
    }
    boolean tooMany =
        settings.consecutiveFailures() > 0 && inARow >= settings.consecutiveFailures();
    if (settings.minSuccessPercent() > 0) {
      runner.counts.add(now, 1, failed ? 1 : 0);
      tooMany = tooMany || (failed && tooFewSucceed(runner.counts.sums(now)));
    }
    return tooMany;
  }

  /**
   * Ejects a runner unless too many of its peers are.
   *
   * @param all all runners of the service, this one included
   * @return for how many nanoseconds
   */
  public synchronized OptionalLong eject(
      RunnerHealth runner, Collection<RunnerHealth> all, long now) {
    int out = 0;
    for (RunnerHealth peer : all) {
      out += peer.isEjected() ? 1 : 0;
    }
    int most = Math.max(all.size() * settings.maxPercent() / 100, all.size() > 1 ? 1 : 0);
    return runner.isEjected() || out + 1 > Math.min(most, all.size() - 1)
        ? OptionalLong.empty()
        : OptionalLong.of(runner.eject(now, baseNanos, maxNanos));
  }

  /**
   * Whether so few are left that ejected ones have to serve as well.
   *
   * @param left runners that are available and not ejected
   * @param all all runners of the service
   */
  public boolean isPanic(int left, int all) {
    return left == 0 || left * 100 < all * settings.panicPercent();
  }

  private boolean tooFewSucceed(Sums sums) {
    return sums.all() >= settings.minRequests()
        && (sums.all() - sums.marked()) * 100 < sums.all() * settings.minSuccessPercent();
  }
}
