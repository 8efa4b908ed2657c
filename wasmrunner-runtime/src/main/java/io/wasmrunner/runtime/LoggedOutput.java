package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerOutput;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts what one generation of a runner prints into the log of its service, and passes on what it
 * does.
 */
final class LoggedOutput implements RunnerOutput {
  private final ServiceLog log;
  private final int runner;
  private final OutputRate rate;
  private final Consumer<Access> accesses;
  private final RecentLines recent = new RecentLines();
  private final LineSplitter stdout;
  private final LineSplitter stderr;
  private volatile long generation;

  LoggedOutput(
      ServiceLog log, int runner, int kbPerSecond, Clock clock, Consumer<Access> accesses) {
    this.log = log;
    this.runner = runner;
    this.rate = new OutputRate(kbPerSecond * 1024L, clock, lines -> dropped(lines, kbPerSecond));
    this.accesses = accesses;
    this.stdout = new LineSplitter(rate, line -> printed(Stream.STDOUT, line));
    this.stderr = new LineSplitter(rate, line -> printed(Stream.STDERR, line));
  }

  /** The generation is being started: its lines have the next number. */
  void begin() {
    generation = log.nextGeneration(runner);
  }

  private void printed(Stream stream, String line) {
    recent.add(log.masked(line));
    log.printed(runner, generation, stream, line);
  }

  /** The last lines that it printed, oldest first. */
  List<String> recentLines() {
    return recent.lines();
  }

  private void dropped(long lines, int kbPerSecond) {
    log.host(
        runner,
        generation,
        Level.WARN,
        "… %d lines dropped, more than %d KiB in a second (limits.output_kb_per_second)"
            .formatted(lines, kbPerSecond));
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
    log.host(runner, generation, Level.INFO, line);
  }

  @Override
  public void accessed(Access access) {
    accesses.accept(access);
  }

  /** Lines that were too many to be logged. */
  long droppedLines() {
    return rate.dropped();
  }

  /** Nothing more comes: a last line without end is one. */
  void end() {
    stdout.flush();
    stderr.flush();
    rate.tellDropped();
  }
}
