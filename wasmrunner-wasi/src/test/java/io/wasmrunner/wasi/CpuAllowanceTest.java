package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The arithmetic of a share of a core, in milliseconds. */
final class CpuAllowanceTest {
  private long now = 5_000_000_000L;
  private long cpu = 700_000_000L;

  private final CpuAllowance quarter = new CpuAllowance(0.25, now, cpu);

  /** Milliseconds to wait after so many have passed, of which some were computed. */
  private double after(long millis, long computed) {
    now += millis * 1_000_000;
    cpu += computed * 1_000_000;
    return quarter.settle(now, cpu) / 1e6;
  }

  @Test
  void whoStaysBelowTheShareNeverWaits() {
    for (int i = 0; i < 1000; i++) {
      assertThat(after(40, 10)).isZero();
    }
  }

  @Test
  void whoComputesAllTheTimeGetsTheShare() {
    long start = now;
    long before = cpu;
    for (int i = 0; i < 1000; i++) {
      now += (long) (after(10, 10) * 1e6);
    }
    assertThat((double) (cpu - before) / (now - start)).isBetween(0.25, 0.252);
  }

  @Test
  void whatWasOverdrawnIsWaitedForInFull() {
    assertThat(after(100, 100)).isEqualTo(300); // 100 ms have brought 25, which were there already
    assertThat(after(300, 0)).isZero();
    assertThat(after(1, 1)).isEqualTo(3);
  }

  @Test
  void idleTimeIsSavedUpForOneWindowOnly() {
    assertThat(after(3_600_000, 0)).isZero();
    assertThat(after(0, 25)).isZero();
    assertThat(after(0, 1)).isEqualTo(4);
  }
}
