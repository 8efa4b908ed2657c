package io.wasmrunner.dashboard;

/**
 * A moment as pages show it.
 *
 * @param iso for machines
 * @param text relative to now, such as {@code 3 s ago}
 * @param full date, time and zone
 * @param due whether it is something to come: once reached, it is now rather than ago
 */
record When(String iso, String text, String full, boolean due) {}
