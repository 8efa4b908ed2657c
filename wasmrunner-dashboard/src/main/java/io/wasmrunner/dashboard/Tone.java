package io.wasmrunner.dashboard;

import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent.Severity;

/** How good or bad something is; decides colour and sign, always beside words. */
enum Tone {
  /** As it should be. */
  OK("ok"),
  /** Neither good nor bad. */
  CALM("calm"),
  /** Look at it. */
  WARN("warn"),
  /** Does not work. */
  BAD("bad");

  private final String css;

  Tone(String css) {
    this.css = css;
  }

  /** Class name in the style sheet. */
  String css() {
    return css;
  }

  static Tone of(ServiceState state) {
    return switch (state) {
      case READY -> OK;
      case STARTING, STOPPED, DISABLED -> CALM;
      case DEGRADED -> WARN;
      case DOWN, INVALID -> BAD;
    };
  }

  static Tone of(RunnerState state) {
    return switch (state) {
      case READY -> OK;
      case STARTING, DRAINING, STOPPED -> CALM;
      case UNHEALTHY, BACKOFF -> WARN;
      case CRASH_LOOP -> BAD;
    };
  }

  static Tone of(Severity severity) {
    return switch (severity) {
      case INFO -> CALM;
      case WARNING -> WARN;
      case ERROR -> BAD;
    };
  }
}
