package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerOutput;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Puts what one generation of a runner prints into the log of its service, and passes on what it
 * does.
 */
final class LoggedOutput implements RunnerOutput {
  private final ServiceLog log;
  private final int runner;
  private final Consumer<Access> accesses;
  private final LineSplitter stdout;
  private final LineSplitter stderr;

  LoggedOutput(ServiceLog log, int runner, Consumer<Access> accesses) {
    this.log = log;
    this.runner = runner;
    this.accesses = accesses;
    this.stdout = new LineSplitter(line -> log.printed(runner, Stream.STDOUT, line));
    this.stderr = new LineSplitter(line -> log.printed(runner, Stream.STDERR, line));
  }

  @Override
  public void stdout(ByteBuffer bytes) {
    stdout.take(bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) {
    stderr.take(bytes);
  }

  @Override
  public void host(String line) {
    log.host(runner, Level.INFO, line);
  }

  @Override
  public void accessed(Access access) {
    accesses.accept(access);
  }

  /** Nothing more comes: a last line without end is one. */
  void end() {
    stdout.flush();
    stderr.flush();
  }
}
