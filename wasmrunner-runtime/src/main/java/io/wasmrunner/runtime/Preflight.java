package io.wasmrunner.runtime;

import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.wasi.CacheState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a start would meet on this machine. Starts and writes nothing; blocks. */
public final class Preflight {
  private Preflight() {}

  /**
   * Compiled code on disk.
   *
   * @param entries intact entries
   * @param bytes size of all files
   * @param damaged names of entries that will be thrown away
   * @param unfinished files that a killed process has left
   */
  public record Cache(int entries, long bytes, List<String> damaged, int unfinished) {}

  /** Why a port cannot be listened on, and who has it; empty when it can. */
  public static Optional<String> portProblem(String host, int port) {
    try {
      PortCheck.requireFree(new RunnerAddress(host, port));
      return Optional.empty();
    } catch (WasmrunnerException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Child processes that a killed wasmrunner has left running. */
  public static List<String> leftovers(Path stateFolder) {
    return new ProcessRecords(stateFolder).leftovers();
  }

  /**
   * The cache of compiled code.
   *
   * @throws IOException when it cannot be read
   */
  public static Cache cache(Path folder, Clock clock) throws IOException {
    CacheState state = CacheState.of(folder, clock);
    return new Cache(state.entries(), state.bytes(), state.damaged(), state.unfinished());
  }

  /** Why a secret of a service cannot be read; empty when all can. */
  public static Optional<String> secretProblem(
      ServiceDefinition service, Function<String, Optional<String>> variables) {
    return service.guest().secrets().entrySet().stream()
        .flatMap(
            secret -> {
              try {
                Secrets.value(secret.getValue(), variables);
                return Stream.<String>empty();
              } catch (IllegalArgumentException e) {
                return Stream.of(
                    service.name() + ": " + secret.getKey() + " needs " + e.getMessage());
              }
            })
        .findFirst();
  }

  /** The program that a launcher needs and that is not there. */
  public static Optional<String> missingProgram(ServiceDefinition service) {
    PluginChoice launcher = service.guest().launcher();
    if (!launcher.name().equals(WasmedgeLauncherFactory.NAME)) {
      return Optional.empty();
    }
    String program =
        String.valueOf(
            launcher.settings().getOrDefault("executable", WasmedgeLauncherFactory.NAME));
    try {
      Executable.find(program, service.folder(), Executable.searchPath());
      return Optional.empty();
    } catch (WasmrunnerException e) {
      return Optional.of(service.name() + ": " + program);
    }
  }
}
