package io.wasmrunner.runtime;

/**
 * An answer with its body.
 *
 * @param status its status
 * @param body its body, or the beginning of it
 * @param tooLong whether there is more of the body than was kept
 */
record HttpAnswer(int status, String body, boolean tooLong) {}
