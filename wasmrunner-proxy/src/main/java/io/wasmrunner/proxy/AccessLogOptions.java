package io.wasmrunner.proxy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where and how each request is written down.
 *
 * @param format how
 * @param file where; standard output if there is none
 * @param maxBytes size at which the file is put aside and a new one begun
 * @param kept how many that were put aside are kept
 */
public record AccessLogOptions(Format format, Optional<Path> file, long maxBytes, int kept) {
  /** None. */
  public static final AccessLogOptions OFF =
      new AccessLogOptions(Format.OFF, Optional.empty(), 100L << 20, 5);

  /** How a request is written. */
  public enum Format {
    /** Not at all. */
    OFF,
    /** The combined form of the Common Log Format, with duration, service and request id. */
    COMMON,
    /** One JSON object a line. */
    JSON
  }

  /** Checks the bounds. */
  public AccessLogOptions {
    if (maxBytes < 1024 || kept < 1) {
      throw new IllegalArgumentException("a log file needs at least 1024 bytes and one to keep");
    }
  }
}
