package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessExitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, COMPLETED, exited with code 0",
    "3, EXIT_CODE, exited with code 3",
    "134, TRAP, aborted",
    "137, KILLED, signal KILL",
    "143, KILLED, signal TERM",
    "130, KILLED, signal INT",
    "139, ENGINE_FAILURE, segmentation fault"
  })
  void statusesHaveCauses(int status, ExitCause cause, String detail) {
    RunnerExit exit = ProcessExits.of(status, false, Clock.systemUTC());
    assertThat(exit.cause()).isEqualTo(cause);
    assertThat(exit.detail()).contains(detail);
  }

  @Test
  void whatWasStoppedWasStopped() {
    assertThat(ProcessExits.of(137, true, Clock.systemUTC()).cause()).isEqualTo(ExitCause.STOPPED);
  }
}
