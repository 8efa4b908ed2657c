package io.wasmrunner.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How this process was started, byte for byte as the system keeps it (Linux): no file name or text
 * loses anything on the way through a character set.
 *
 * @param program the running program
 * @param arguments what it was given, its own name first
 */
record OwnCommand(Path program, List<byte[]> arguments) {
  private static final Path PROCESS = Path.of("/proc/self");

  /** By name: compiled together with the others, it would be of their Java version. */
  private static final String ENTRY = "io.wasmrunner.launcher.entry.Main";

  /**
   * Reads it.
   *
   * @throws IOException where the system does not tell, or tells of another program
   */
  static OwnCommand read() throws IOException {
    Path program = Files.readSymbolicLink(PROCESS.resolve("exe"));
    List<byte[]> arguments = split(Files.readAllBytes(PROCESS.resolve("cmdline")));
    // Something else that brings a JVM along would not know what to do with flags for java.
    if (!program.endsWith("java") || arguments.size() < 2 || !ours()) {
      throw new IOException("wasmrunner is a part of another program, " + program);
    }
    return new OwnCommand(program, arguments);
  }

  /**
   * Whether this process is nothing but wasmrunner: its entry class, by name or by {@code -jar}.
   */
  private static boolean ours() throws IOException {
    String started = System.getProperty("sun.java.command", "");
    if (started.equals(ENTRY) || started.startsWith(ENTRY + " ")) {
      return true;
    }
    String jar = System.getProperty("java.class.path", "");
    CodeSource home = OwnCommand.class.getProtectionDomain().getCodeSource();
    return home != null
        && started.startsWith(jar)
        && Files.isSameFile(Path.of(jar), Path.of(URI.create(home.getLocation().toString())));
  }

  /** The same command with flags before all others, so that the user's have the last word. */
  List<byte[]> with(List<String> flags) {
    List<byte[]> all = new ArrayList<>(arguments);
    all.addAll(1, flags.stream().map(flag -> flag.getBytes(StandardCharsets.UTF_8)).toList());
    return all;
  }

  /** Parts that each end with a zero byte. */
  static List<byte[]> split(byte[] bytes) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        parts.add(Arrays.copyOfRange(bytes, start, i));
        start = i + 1;
      }
    }
    return parts;
  }
}
