package io.wasmrunner.scheduler;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What the scheduler needs to know.
 *
 * @param dataFolder folder of {@code wasmrunner.db}; made when missing
 * @param innerBase base URL of the proxy's inner listener, such as {@code http://127.0.0.1:40123}
 * @param innerToken token that the inner listener wants in {@code WR-Inner-Token}; a secret
 * @param clock the time
 * @param random source of jitter and of message ids
 * @param limits bounds
 * @param retry when failed deliveries are tried again
 * @param deliveryTimeout a delivery without an answer for this long has failed, unless the service
 *     has a longer {@code timeouts.first_byte}; default 30 s
 * @param stopTimeout how long a stop waits for deliveries under way; default 5 s
 */
public record SchedulerOptions(
    Path dataFolder,
    URI innerBase,
    String innerToken,
    Clock clock,
    RandomGenerator random,
    SchedulerLimits limits,
    RetryPolicy retry,
    Duration deliveryTimeout,
    Duration stopTimeout) {
  /** Options with defaults for all that has one. */
  public static SchedulerOptions of(
      Path dataFolder, URI innerBase, String innerToken, Clock clock, RandomGenerator random) {
    return new SchedulerOptions(
        dataFolder,
        innerBase,
        innerToken,
        clock,
        random,
        SchedulerLimits.DEFAULT,
        RetryPolicy.DEFAULT,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5));
  }

  /** These options with other bounds. */
  public SchedulerOptions withLimits(SchedulerLimits other) {
    return new SchedulerOptions(
        dataFolder,
        innerBase,
        innerToken,
        clock,
        random,
        other,
        retry,
        deliveryTimeout,
        stopTimeout);
  }

  /** These options with another retry policy. */
  public SchedulerOptions withRetry(RetryPolicy other) {
    return new SchedulerOptions(
        dataFolder,
        innerBase,
        innerToken,
        clock,
        random,
        limits,
        other,
        deliveryTimeout,
        stopTimeout);
  }

  /** These options with other waiting times. */
  public SchedulerOptions withTimeouts(Duration delivery, Duration stop) {
    return new SchedulerOptions(
        dataFolder, innerBase, innerToken, clock, random, limits, retry, delivery, stop);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "SchedulerOptions[dataFolder=%s, innerBase=%s, limits=%s, retry=%s]"
        .formatted(dataFolder, innerBase, limits, retry);
  }
}
