package io.wasmrunner.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the least level that is logged. */
final class LogLevel {
  private LogLevel() {}

  /** Sends the log where the output of a program is not. */
  static void useStandardError() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
            instanceof ch.qos.logback.classic.Logger root
        && root.getAppender(ConsoleLog.APPENDER) instanceof ConsoleAppender<?> console) {
      console.stop();
      console.setTarget("System.err");
      console.start();
    }
  }

  static void set(String level) {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.toLevel(level, Level.INFO));
    }
  }
}
