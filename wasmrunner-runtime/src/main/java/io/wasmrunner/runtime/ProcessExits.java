package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import java.time.Clock;
import java.util.Map;

/** Says what the exit status of a program means. */
final class ProcessExits {
  private static final int SIGNALS = 128;
  private static final int ABORT = SIGNALS + 6;
  private static final int KILL = SIGNALS + 9;
  private static final Map<Integer, String> CRASHES =
      Map.of(
          SIGNALS + 4, "illegal instruction",
          SIGNALS + 7, "bus error",
          SIGNALS + 8, "arithmetic error",
          SIGNALS + 11,
              "segmentation fault, as of a guest that exhausted its stack in an engine without a"
                  + " check",
          SIGNALS + 31, "forbidden system call");
  private static final Map<Integer, String> ENDS =
      Map.of(SIGNALS + 1, "HUP", SIGNALS + 2, "INT", SIGNALS + 3, "QUIT", SIGNALS + 15, "TERM");

  private ProcessExits() {}

  /**
   * The cause of an end.
   *
   * @param status the exit status, 128 and the signal when one ended it
   * @param stopping whether wasmrunner ended it
   */
  static RunnerExit of(int status, boolean stopping, Clock clock) {
    if (stopping) {
      return new RunnerExit(clock.instant(), ExitCause.STOPPED, "stopped");
    }
    return new RunnerExit(clock.instant(), cause(status), detail(status));
  }

  private static ExitCause cause(int status) {
    if (status == 0) {
      return ExitCause.COMPLETED;
    }
    if (status == ABORT) {
      return ExitCause.TRAP;
    }
    if (status == KILL || ENDS.containsKey(status)) {
      return ExitCause.KILLED;
    }
    return CRASHES.containsKey(status) ? ExitCause.ENGINE_FAILURE : ExitCause.EXIT_CODE;
  }

  private static String detail(int status) {
    String code = "exited with code " + status;
    if (status == ABORT) {
      return code + ": aborted, which is how engines end when the module traps";
    }
    if (status == KILL) {
      return "killed from outside (signal KILL), perhaps because the system ran out of memory";
    }
    if (ENDS.containsKey(status)) {
      return "ended from outside (signal " + ENDS.get(status) + ")";
    }
    String crash = CRASHES.get(status);
    return crash == null ? code : "crashed: " + crash;
  }
}
