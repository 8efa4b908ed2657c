package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the folders before anything is started. */
final class Folders {
  private Folders() {}

  /** The services folder; it may be missing only when nobody named it. */
  static Path services(Configuration configuration) {
    Path folder = configuration.path(Setting.SERVICES);
    if (!Files.isDirectory(folder) && configuration.chosen(Setting.SERVICES)) {
      throw new WasmrunnerException(
          "WR-2001",
          "the services folder %s is no folder (from %s)"
              .formatted(folder, configuration.value(Setting.SERVICES).origin()),
          "Create it, or name another with --services.");
    }
    return folder;
  }

  /** The data folder, made if need be, and proved writable. */
  static Path data(Configuration configuration) {
    Path folder = configuration.path(Setting.DATA_DIR);
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, ".write", ".probe");
      Files.delete(probe);
      return folder;
    } catch (IOException e) {
      throw new WasmrunnerException(
          "WR-4001",
          "the data folder %s cannot be written: %s".formatted(folder, e),
          "Give this user the right to write there, or name another with --data-dir.",
          e);
    }
  }
}
