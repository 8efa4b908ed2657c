package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine;
import java.time.Clock;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Passes the lines of a service on to the process log, logger {@code service.<name>}. A service
 * that prints more than {@value #MOST_PER_SECOND} lines in a second is left out for the rest of it,
 * which is said once; its own log keeps everything. Thread-safe.
 */
final class LogMirror {
  static final int MOST_PER_SECOND = 500;

  private final Logger logger;
  private final Clock clock;
  private long second;
  private int count;

  LogMirror(String service, Clock clock) {
    this.logger = LoggerFactory.getLogger("service." + service);
    this.clock = clock;
  }

  void show(LogLine line) {
    int left = take();
    if (left > 0) {
      logger
          .atLevel(Level.valueOf(line.level().name()))
          .log(
              "{} {} | {}",
              line.runner(),
              line.stream().name().toLowerCase(Locale.ROOT),
              line.text());
    } else if (left == 0) {
      logger.warn("more than {} lines in a second; the rest is in its own log", MOST_PER_SECOND);
    }
  }

  /** Lines that may still be shown in this second, this one included. */
  private synchronized int take() {
    long now = clock.millis() / 1000;
    if (now != second) {
      second = now;
      count = 0;
    }
    count = Math.min(count + 1, MOST_PER_SECOND + 2);
    return MOST_PER_SECOND + 1 - count;
  }
}
