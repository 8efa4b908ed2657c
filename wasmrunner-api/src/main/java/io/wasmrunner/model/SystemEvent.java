package io.wasmrunner.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, for the live view and its history.
 *
 * @param at when
 * @param severity how bad
 * @param kind stable name, such as {@code runner.exited}
 * @param service service it is about
 * @param runner index of the runner it is about; absent when it is about the whole service
 * @param message one line for people
 */
public record SystemEvent(
    Instant at,
    Severity severity,
    String kind,
    Optional<String> service,
    Optional<Integer> runner,
    String message) {
  /** How bad an event is. */
  public enum Severity {
    /** Normal course. */
    INFO,
    /** Look at it. */
    WARNING,
    /** Something does not work. */
    ERROR
  }
}
