package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Finds the file of a program. */
final class Executable {
  static final String NOT_FOUND = "WR-2070";

  private Executable() {}

  /** The folders in which wasmrunner's own system looks for programs. */
  static String searchPath() {
    return Optional.ofNullable(System.getenv("PATH")).orElse("");
  }

  /**
   * The absolute file of a program.
   *
   * @param name a path, relative to the folder, or a plain name that is looked for on the search
   *     path
   * @throws WasmrunnerException WR-2070 when there is no such program
   */
  static Path find(String name, Path folder, String searchPath) {
    Optional<Path> found =
        name.indexOf('/') >= 0 || name.indexOf(File.separatorChar) >= 0
            ? executable(folder.toAbsolutePath(), name)
            : onSearchPath(name, searchPath);
    return found.orElseThrow(
        () ->
            new WasmrunnerException(
                NOT_FOUND,
                "the program \"" + CleanText.of(name) + "\" was not found, or may not be executed",
                "Install it, or give its absolute path in the settings of the launcher."));
  }

  static Optional<Path> onSearchPath(String name, String searchPath) {
    return Arrays.stream(searchPath.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .flatMap(entry -> executable(Path.of(entry).toAbsolutePath(), name).stream())
        .findFirst();
  }

  private static Optional<Path> executable(Path folder, String name) {
    try {
      Path file = folder.resolve(name).normalize();
      return Files.isRegularFile(file) && Files.isExecutable(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
