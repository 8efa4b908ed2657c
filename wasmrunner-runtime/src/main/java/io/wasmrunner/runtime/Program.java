package io.wasmrunner.runtime;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A WASI program that is run once, as from a shell.
 *
 * @param file the module
 * @param args arguments, without the program's name
 * @param env environment, exactly this
 * @param folders folders that it may use
 * @param memoryLimitMb hard limit of linear memory, MiB
 * @param cacheFolder folder of compiled code
 */
public record Program(
    Path file,
    List<String> args,
    Map<String, String> env,
    List<ProgramFolder> folders,
    int memoryLimitMb,
    Path cacheFolder) {

  /** Copies the collections. */
  public Program {
    args = List.copyOf(args);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    folders = List.copyOf(folders);
  }
}
