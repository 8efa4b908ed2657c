package io.wasmrunner.wasi;

/** How the functions of a {@link Module} are executed by a guest that starts now. */
public enum CodeState {
  /** By the interpreter; nothing is being compiled. */
  INTERPRETED,
  /** By the interpreter, while the compiler (or the load from the cache) is at work. */
  COMPILING,
  /** As JVM code. */
  COMPILED,
  /** By the interpreter, because the compiler could not handle the module; the log says why. */
  COMPILE_FAILED
}
