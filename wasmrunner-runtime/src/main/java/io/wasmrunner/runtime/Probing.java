package io.wasmrunner.runtime;

import io.wasmrunner.model.HealthCheck;
import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Probes one generation of a runner, one probe at a time: at first often, so that it is ready as
 * soon as it can be, then at the interval, and soon again after a failure.
 */
final class Probing {
  static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  static final Duration LONGEST_START_PAUSE = Duration.ofSeconds(1);
  static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

  private final Actor actor;
  private final Clock clock;
  private final HealthProbe probe;
  private final HealthCheck check;
  private final Supplier<Optional<RunnerAddress>> target;
  private final Consumer<ProbeStatus> results;

  private Actor.Timer timer = Actor.Timer.NONE;
  private Duration startPause = FIRST_PAUSE;
  private long number;
  private boolean underWay;
  private int passes;
  private boolean settled;
  private boolean cancelled;

  Probing(
      Actor actor,
      Clock clock,
      HealthProbe probe,
      HealthCheck check,
      Supplier<Optional<RunnerAddress>> target,
      Consumer<ProbeStatus> results) {
    this.actor = actor;
    this.clock = clock;
    this.probe = probe;
    this.check = check;
    this.target = target;
    this.results = results;
  }

  /** Begins. */
  void start() {
    next(startPause);
  }

  /** Probes at once, unless a probe is under way. */
  void probeNow() {
    if (!cancelled && !underWay) {
      timer.cancel();
      run();
    }
  }

  /** Ends; later results are ignored. */
  void cancel() {
    cancelled = true;
    timer.cancel();
  }

  private void next(Duration pause) {
    timer = actor.after(pause, this::run);
  }

  private void run() {
    if (cancelled || underWay) {
      return;
    }
    underWay = true;
    long current = ++number;
    Instant began = clock.instant();
    timer =
        actor.after(
            check.timeout(),
            () ->
                finished(
                    current,
                    began,
                    ProbeResult.unhealthy("no answer in " + Durations.describe(check.timeout()))));
    ask()
        .whenComplete(
            (result, failure) ->
                actor.execute(
                    () -> finished(current, began, failure == null ? result : failed(failure))));
  }

  private CompletionStage<ProbeResult> ask() {
    Optional<RunnerAddress> place = target.get();
    if (place.isEmpty()) {
      return CompletableFuture.completedFuture(ProbeResult.unhealthy("it does not listen yet"));
    }
    try {
      return Objects.requireNonNull(
          probe.probe(place.get(), check.timeout()), "the probe gave nothing");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void finished(long probeNumber, Instant began, ProbeResult result) {
    if (cancelled || !underWay || probeNumber != number) {
      return;
    }
    underWay = false;
    timer.cancel();
    passes = result.healthy() ? passes + 1 : 0;
    settled = settled || passes >= check.healthyAfter();
    next(pauseAfter(result));
    Instant now = clock.instant();
    results.accept(
        new ProbeStatus(
            result.healthy(), now, Duration.between(began, now), CleanText.of(result.detail())));
  }

  private Duration pauseAfter(ProbeResult result) {
    if (!settled) {
      startPause = least(startPause.multipliedBy(3).dividedBy(2), LONGEST_START_PAUSE);
      return least(startPause, check.interval());
    }
    return result.healthy() ? check.interval() : least(PAUSE_AFTER_FAILURE, check.interval());
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static ProbeResult failed(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause == null ? null : cause.getMessage();
    return ProbeResult.unhealthy(message == null ? String.valueOf(cause) : message);
  }
}
