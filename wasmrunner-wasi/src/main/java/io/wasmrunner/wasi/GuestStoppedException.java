package io.wasmrunner.wasi;

/** Unwinds a guest that is to stop, from inside a host call. */
final class GuestStoppedException extends RuntimeException {
  GuestStoppedException() {
    super("stopped", null, false, false);
  }
}
