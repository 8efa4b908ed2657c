package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the process that listens on a port, where the system tells: Linux, own processes. */
final class PortHolder {
  private static final Logger LOG = LoggerFactory.getLogger(PortHolder.class);
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";

  private PortHolder() {}

  /** For example {@code process 4711 (wasmedge)}. */
  static Optional<String> describe(int port) {
    if (!Files.isDirectory(PROC.resolve("net"))) {
      return Optional.empty();
    }
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      sockets.addAll(listeners(PROC.resolve(table), port));
    }
    return sockets.isEmpty() ? Optional.empty() : process(sockets);
  }

  private static Set<String> listeners(Path table, int port) {
    String suffix = ":%04X".formatted(port);
    Set<String> sockets = new HashSet<>();
    try (Stream<String> lines = Files.lines(table)) {
      lines
          .map(line -> line.strip().split("\\s+"))
          .filter(field -> field.length > 9 && field[3].equals(LISTEN))
          .filter(field -> field[1].toUpperCase(Locale.ROOT).endsWith(suffix))
          .forEach(field -> sockets.add("socket:[" + field[9] + "]"));
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("cannot read {}", table, e);
    }
    return sockets;
  }

  private static Optional<String> process(Set<String> sockets) {
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> holds(process, sockets))
          .findFirst()
          .map(PortHolder::name);
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("cannot list processes", e);
      return Optional.empty();
    }
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors.anyMatch(descriptor -> sockets.contains(target(descriptor)));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // ended meanwhile, or somebody else's
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private static String name(Path process) {
    String pid = process.getFileName().toString();
    if (pid.equals(Long.toString(ProcessHandle.current().pid()))) {
      return "this process itself";
    }
    try {
      String command = Files.readString(process.resolve("comm")).strip();
      return "process " + pid + " (" + command + ")";
    } catch (IOException e) {
      return "process " + pid;
    }
  }
}
