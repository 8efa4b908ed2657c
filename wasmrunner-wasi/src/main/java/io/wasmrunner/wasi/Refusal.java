package io.wasmrunner.wasi;

/**
 * Something that a guest wanted and did not get, of which it may die soon.
 *
 * @param what what it wanted and what refused it
 * @param atCall host calls before it
 * @param atNanos when, by {@link System#nanoTime}
 */
record Refusal(String what, long atCall, long atNanos) {}
