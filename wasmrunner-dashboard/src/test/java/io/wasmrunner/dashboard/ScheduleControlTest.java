package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.ScheduleCommand.Action;
import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScheduleControlTest {
  /** The scheduler begins its last attempt so long after the first. */
  private static final Duration ATTEMPTS = Duration.ofSeconds(10);

  private static Duration patience(Duration firstByte, Action action) {
    ServiceDefinition some = Samples.definition("s", "s", "", ServiceType.ADAPTER, 15_001, 1);
    Timeouts timeouts =
        new Timeouts(
            some.traffic().timeouts().connect(),
            firstByte,
            some.traffic().timeouts().idle(),
            some.traffic().timeouts().total());
    ServiceDefinition slow = some.withTraffic(some.traffic().withTimeouts(timeouts));
    List<RunnerStatus> runners = List.of(Samples.ready("s", 0, 15_001));
    return ScheduleControl.patience(
        new ServiceStatus(
            "s",
            ServiceState.READY,
            Optional.of(slow),
            Optional.empty(),
            runners,
            CapabilityStatus.NONE,
            List.of()),
        action);
  }

  @Test
  void aRunIsAwaitedLongerThanItCanTake() {
    assertThat(patience(Duration.ofSeconds(1), Action.RUN))
        .isGreaterThan(Duration.ofSeconds(30).plus(ATTEMPTS));
    assertThat(patience(Duration.ofMinutes(10), Action.RUN))
        .isGreaterThan(Duration.ofMinutes(10).plus(ATTEMPTS));
  }

  @Test
  void otherCommandsAreAnsweredSoonWhateverTheService() {
    assertThat(patience(Duration.ofMinutes(10), Action.PAUSE))
        .isLessThanOrEqualTo(Duration.ofSeconds(30));
  }
}
