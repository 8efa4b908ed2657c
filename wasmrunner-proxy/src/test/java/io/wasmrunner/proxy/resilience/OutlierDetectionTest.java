package io.wasmrunner.proxy.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.Ejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which runners are left out, and for how long. */
final class OutlierDetectionTest {
  private static final Duration BASE = Duration.ofSeconds(10);

  private final List<RunnerHealth> all = new ArrayList<>();
  private long now = 1_000_000_000_000L;

  private OutlierDetection detection(Ejection settings, int runners) {
    OutlierDetection detection = new OutlierDetection(settings);
    for (int i = 0; i < runners; i++) {
      all.add(detection.newcomer());
    }
    return detection;
  }

  private static Ejection settings(int inARow, int minSuccess, int maxPercent, int panicPercent) {
    return new Ejection(
        inARow,
        minSuccess,
        20,
        Duration.ofSeconds(10),
        BASE,
        Duration.ofSeconds(60),
        maxPercent,
        panicPercent);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private Duration ejected(OutlierDetection detection, int index) {
    return Duration.ofNanos(detection.eject(all.get(index), all, now).orElse(0));
  }

  @Test
  void failuresInARowEjectAndASuccessBetweenThemDoesNot() {
    OutlierDetection detection = detection(settings(3, 0, 50, 0), 2);
    RunnerHealth runner = all.get(0);

    assertThat(detection.record(runner, true, now)).isFalse();
    assertThat(detection.record(runner, true, now)).isFalse();
    assertThat(detection.record(runner, false, now)).isFalse();
    assertThat(detection.record(runner, true, now)).isFalse();
    assertThat(detection.record(runner, true, now)).isFalse();
    assertThat(detection.record(runner, true, now)).isTrue();
  }

  @Test
  void aLowShareOfGoodAnswersEjectsOnceThereAreEnough() {
    OutlierDetection detection = detection(settings(0, 80, 50, 0), 2);
    RunnerHealth runner = all.get(0);
    for (int i = 0; i < 19; i++) {
      assertThat(detection.record(runner, i % 3 == 0, now)).isFalse();
    }

    assertThat(detection.record(runner, true, now)).isTrue();

    RunnerHealth other = all.get(1);
    for (int i = 0; i < 19; i++) {
      detection.record(other, i % 3 == 0, now);
    }
    pass(Duration.ofSeconds(11));
    assertThat(detection.record(other, true, now)).as("the window has moved on").isFalse();
  }

  @Test
  void theTimeDoublesUpToABoundAndRecoversWithGoodTimes() {
    OutlierDetection detection = detection(settings(1, 0, 50, 0), 2);
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Duration time = ejected(detection, 0);
      seconds.add(time.toSeconds());
      pass(time);
      assertThat(all.get(0).readmit(now)).isTrue();
    }
    assertThat(seconds).containsExactly(10L, 20L, 40L, 60L, 60L);

    pass(BASE.multipliedBy(3));
    assertThat(ejected(detection, 0)).as("two of five are left").isEqualTo(BASE.multipliedBy(4));
    pass(Duration.ofHours(1));
    all.get(0).readmit(now);
    assertThat(ejected(detection, 0)).isEqualTo(BASE);
  }

  @Test
  void noMoreThanTheShareIsEjectedAndNeverTheLast() {
    OutlierDetection detection = detection(settings(1, 0, 50, 0), 4);
    assertThat(ejected(detection, 0)).isPositive();
    assertThat(ejected(detection, 0)).as("it is out already").isZero();
    assertThat(ejected(detection, 1)).isPositive();
    assertThat(ejected(detection, 2)).isZero();

    all.clear();
    detection = detection(settings(1, 0, 10, 0), 2);
    assertThat(ejected(detection, 0)).as("one of several always").isPositive();
    assertThat(ejected(detection, 1)).isZero();

    all.clear();
    detection = detection(settings(1, 0, 100, 0), 1);
    assertThat(ejected(detection, 0)).isZero();
  }

  @Test
  void itComesBackOnceItsTimeIsOverAndWithoutItsPast() {
    OutlierDetection detection = detection(settings(2, 0, 50, 0), 2);
    RunnerHealth runner = all.get(0);
    detection.record(runner, true, now);
    ejected(detection, 0);
    assertThat(runner.isEjected()).isTrue();

    pass(BASE.minusNanos(1));
    assertThat(runner.readmit(now)).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(runner.readmit(now)).isTrue();
    assertThat(runner.readmit(now)).isFalse();
    assertThat(runner.isEjected()).isFalse();
    assertThat(detection.record(runner, true, now)).isFalse();
  }

  @Test
  void panicIsWhenTooFewAreLeft() {
    OutlierDetection detection = detection(settings(1, 0, 50, 50), 4);

    assertThat(detection.isPanic(2, 4)).isFalse();
    assertThat(detection.isPanic(1, 4)).isTrue();
    assertThat(new OutlierDetection(settings(1, 0, 50, 0)).isPanic(1, 100)).isFalse();
    assertThat(new OutlierDetection(settings(1, 0, 50, 0)).isPanic(0, 100)).isTrue();
  }
}
