package io.wasmrunner.proxy.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whether the limit finds what a service can do. */
final class AdaptiveLimitTest {
  private static final long SERVICE_TIME = 5_000_000;

  private long now;

  /** Lets a service that works on so many at a time be used to the limit. */
  private int settled(AdaptiveLimit limit, int capacity, int seconds) {
    int current = AdaptiveLimit.FIRST;
    long until = now + seconds * 1_000_000_000L;
    while (now < until) {
      long latency = SERVICE_TIME * Math.max(1, current / capacity);
      latency = Math.max(latency, SERVICE_TIME * current / capacity);
      now += latency / current;
      current = limit.ended(latency, false, current, now);
    }
    return current;
  }

  @Test
  void itGrowsWhileTheServiceKeepsUp() {
    AdaptiveLimit limit = new AdaptiveLimit(200);

    assertThat(settled(limit, 10_000, 60)).isEqualTo(200);
  }

  @Test
  void itStaysNearWhatTheServiceCanDo() {
    AdaptiveLimit limit = new AdaptiveLimit(1_000);
    // The long run is learnt while the service is not full.
    for (int i = 0; i < 2_000; i++) {
      now += 10_000_000;
      limit.ended(SERVICE_TIME, false, 1, now);
    }

    assertThat(settled(limit, 40, 20)).isBetween(40, 160);
  }

  @Test
  void itComesDownWhenTheServiceBecomesSlow() {
    AdaptiveLimit limit = new AdaptiveLimit(100);
    int before = settled(limit, 10_000, 60);
    int current = before;
    for (int i = 0; i < 400; i++) {
      now += 10_000_000;
      current = limit.ended(SERVICE_TIME * 20, false, current, now);
    }

    assertThat(current).isLessThan(before / 4);
  }

  @Test
  void lossesTakeATenthOffAndThereIsAlwaysSomethingLeft() {
    AdaptiveLimit limit = new AdaptiveLimit(100);
    now = 1;
    limit.ended(SERVICE_TIME, true, 20, now);
    now += 100_000_000;
    assertThat(limit.ended(SERVICE_TIME, true, 20, now)).isEqualTo(18);

    int current = 0;
    for (int i = 0; i < 1_000; i++) {
      now += 100_000_000;
      current = limit.ended(SERVICE_TIME, true, 20, now);
    }
    assertThat(current).isEqualTo(AdaptiveLimit.LEAST);
  }

  @Test
  void whatIsNotUsedDoesNotGrow() {
    AdaptiveLimit limit = new AdaptiveLimit(100);
    int current = 0;
    for (int i = 0; i < 2_000; i++) {
      now += 10_000_000;
      current = limit.ended(SERVICE_TIME, false, 2, now);
    }

    assertThat(current).isEqualTo(AdaptiveLimit.FIRST);
  }
}
