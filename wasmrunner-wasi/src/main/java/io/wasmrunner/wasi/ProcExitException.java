package io.wasmrunner.wasi;

/** Unwinds a guest that called {@code proc_exit}. */
final class ProcExitException extends RuntimeException {
  private final int code;

  ProcExitException(int code) {
    super("exit " + code, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
