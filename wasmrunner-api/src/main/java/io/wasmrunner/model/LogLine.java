package io.wasmrunner.model;

import java.time.Instant;

/**
 * A line that a runner printed, or that wasmrunner says about it.
 *
 * @param sequence grows by one per line of a service, so that readers can go on where they were
 * @param at when it came
 * @param runner index of the runner
 * @param generation which start of that runner, from 1; 0 where that is not known
 * @param stream where it came from
 * @param level level found in the line, else INFO for stdout, WARN for stderr
 * @param text the line without its end, valid Unicode, at most 8 KiB
 */
public record LogLine(
    long sequence,
    Instant at,
    int runner,
    long generation,
    Stream stream,
    Level level,
    String text) {
  /** A line of an unknown generation. */
  public LogLine(long sequence, Instant at, int runner, Stream stream, Level level, String text) {
    this(sequence, at, runner, 0, stream, level, text);
  }

  /** Source of a line. */
  public enum Stream {
    /** Standard output of the guest. */
    STDOUT,
    /** Standard error of the guest. */
    STDERR,
    /** wasmrunner itself, about this runner. */
    HOST
  }

  /** Importance of a line. */
  public enum Level {
    /** Finest detail. */
    TRACE,
    /** For developers. */
    DEBUG,
    /** Normal course. */
    INFO,
    /** Look at it some day. */
    WARN,
    /** Something failed. */
    ERROR
  }
}
