package io.wasmrunner.model;

/**
 * How often a runner called a function of the host.
 *
 * @param calls calls that were begun
 * @param errors those that gave an error number, "try again" not counted
 */
public record CallCount(long calls, long errors) {}
