package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that ran under {@code wasmrunner run}, in the jar, to its end. */
final class ProgramRun {
  private static final long PATIENCE_SECONDS = 120;

  private final int status;
  private final byte[] output;
  private final String errors;

  private ProgramRun(int status, byte[] output, String errors) {
    this.status = status;
    this.output = output;
    this.errors = errors;
  }

  /** Runs it in a folder with no input. */
  static ProgramRun of(Path folder, List<String> arguments) {
    return of(folder, new byte[0], arguments);
  }

  static ProgramRun of(Path folder, byte[] input, List<String> arguments) {
    try {
      Path in = Files.write(Files.createTempFile(folder, "in", ""), input);
      Path out = Files.createTempFile(folder, "out", "");
      Path err = Files.createTempFile(folder, "err", "");
      ProcessBuilder builder =
          builder(folder, arguments)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Process process = builder.start();
      try {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .as("it ends: " + arguments)
            .isTrue();
      } finally {
        process.destroyForcibly();
      }
      return new ProgramRun(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The command, to be started with other streams. */
  static ProcessBuilder builder(Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-jar", Wasmrunner.jar().toString()));
    command.add("run");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WASMRUNNER_"));
    return builder;
  }

  int status() {
    return status;
  }

  /** Standard output. */
  byte[] output() {
    return output;
  }

  /** Standard error, the program's and wasmrunner's. */
  String errors() {
    return errors;
  }

  /** Standard output as text. */
  String text() {
    return new String(output, StandardCharsets.UTF_8);
  }
}
