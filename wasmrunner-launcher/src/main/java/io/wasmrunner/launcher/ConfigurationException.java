package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.util.List;

/** The configuration is wrong; says everything that is wrong at once. */
final class ConfigurationException extends WasmrunnerException {
  private static final long serialVersionUID = 1L;

  ConfigurationException(List<String> problems) {
    super(
        "WR-1002",
        problems.size() == 1
            ? problems.get(0)
            : problems.size() + " problems:\n  - " + String.join("\n  - ", problems),
        "Correct it where it says; config/README.md lists the keys and their values.");
  }
}
