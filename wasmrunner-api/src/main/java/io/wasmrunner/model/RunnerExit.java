package io.wasmrunner.model;

import java.time.Instant;

/**
 * The end of a runner.
 *
 * @param at when
 * @param cause classified cause
 * @param detail one line for people: trap message, exit code, limit
 */
public record RunnerExit(Instant at, ExitCause cause, String detail) {}
