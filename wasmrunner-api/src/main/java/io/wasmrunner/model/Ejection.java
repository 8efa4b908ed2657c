package io.wasmrunner.model;

import java.time.Duration;

/**
 * When a runner that fails gets no requests for a while, whatever its probes say. A failure is an
 * answer with 5xx, a connection refused or lost, a time-out or an invalid answer.
 *
 * @param consecutiveFailures failures in a row that eject a runner, 0 for no such rule; default 5
 * @param minSuccessPercent a lower share of good answers within {@code interval} ejects a runner, 0
 *     for no such rule; default 0
 * @param minRequests fewer requests within {@code interval} say nothing about that share; default
 *     20
 * @param interval over which the share is taken; default 10 s
 * @param baseTime how long the first ejection lasts, doubled with each that follows soon; default
 *     30 s
 * @param maxTime how long an ejection lasts at most; default 5 min
 * @param maxPercent share of the runners that may be ejected at the same time, but always one of
 *     several; default 50
 * @param panicPercent when fewer of all runners than this share are left, ejections are ignored; 0
 *     for never; default 50
 */
public record Ejection(
    int consecutiveFailures,
    int minSuccessPercent,
    int minRequests,
    Duration interval,
    Duration baseTime,
    Duration maxTime,
    int maxPercent,
    int panicPercent) {
  /** The defaults, once it is on. */
  public static final Ejection DEFAULT =
      new Ejection(
          5, 0, 20, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 50, 50);
}
