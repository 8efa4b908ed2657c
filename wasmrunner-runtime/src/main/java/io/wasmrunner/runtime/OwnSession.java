package io.wasmrunner.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts children in a session of their own where the system has {@code setsid}: Ctrl-C in the
 * terminal then reaches wasmrunner alone, which drains before it ends them. The process becomes the
 * program itself, with the same id.
 */
final class OwnSession {
  private static final Optional<Path> SETSID =
      System.getProperty("os.name", "").equals("Linux")
          ? Executable.onSearchPath("setsid", Executable.searchPath())
          : Optional.empty();

  private OwnSession() {}

  static List<String> words(List<String> command) {
    List<String> words = new ArrayList<>();
    SETSID.ifPresent(path -> words.add(path.toString()));
    words.addAll(command);
    return words;
  }
}
