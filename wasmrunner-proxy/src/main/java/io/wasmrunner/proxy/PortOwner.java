package io.wasmrunner.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds the program that listens on a port, where the system tells (Linux). Blocks. */
final class PortOwner {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private PortOwner() {}

  /** Name and process id, such as {@code nginx (process 812)}; empty when unknown. */
  static String find(int port) {
    List<String> sockets = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      try (Stream<String> lines = Files.lines(PROC.resolve("net").resolve(table))) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields.length > INODE && listensOn(fields, port))
            .forEach(fields -> sockets.add("socket:[" + fields[INODE] + "]"));
      } catch (IOException | RuntimeException unreadable) {
        return "";
      }
    }
    return sockets.isEmpty() ? "" : holder(sockets);
  }

  private static boolean listensOn(String[] fields, int port) {
    return fields[STATE].equals(LISTENING)
        && fields[LOCAL_ADDRESS].endsWith(":" + String.format(Locale.ROOT, "%04X", port));
  }

  private static String holder(List<String> sockets) {
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> holdsAny(process, sockets))
          .findFirst()
          .map(process -> name(process) + " (process " + process.getFileName() + ")")
          .orElse("");
    } catch (IOException | RuntimeException unreadable) {
      return "";
    }
  }

  private static boolean holdsAny(Path process, List<String> sockets) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors.anyMatch(
          descriptor -> {
            try {
              return sockets.contains(Files.readSymbolicLink(descriptor).toString());
            } catch (IOException gone) {
              return false;
            }
          });
    } catch (IOException | RuntimeException notOurs) {
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
    } catch (IOException gone) {
      return "a program";
    }
  }
}
