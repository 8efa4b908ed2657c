package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.ForegroundRunner;

/** Exit statuses of the process. */
final class ExitStatus {
  static final int OK = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int OLD_JAVA = 3;
  static final int CONFIGURATION = 4;
  static final int PORT_TAKEN = 5;
  static final int FOLDER_MISSING = 6;
  static final int DATA_FOLDER = 7;
  static final int PLUGIN = 8;
  static final int INVALID_SERVICES = 9;
  static final int NOT_RUNNING = 10;
  static final int NOT_READY = 11;

  private ExitStatus() {}

  static int of(WasmrunnerException failure) {
    return switch (failure.code()) {
      case "WR-1002", "WR-1005", "WR-3004", "WR-3005" -> CONFIGURATION;
      case "WR-3001", "WR-3002", "WR-3003" -> PORT_TAKEN;
      case "WR-2052" -> ForegroundRunner.EXIT_PORT_IN_USE;
      case ManagementClient.NOT_THERE -> NOT_RUNNING;
      case "WR-2001" -> FOLDER_MISSING;
      case "WR-7001", "WR-7002", "WR-7010" -> PLUGIN;
      default -> failure.code().startsWith("WR-4") ? DATA_FOLDER : FAILURE;
    };
  }
}
