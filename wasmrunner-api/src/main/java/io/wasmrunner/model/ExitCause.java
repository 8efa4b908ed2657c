package io.wasmrunner.model;

import java.util.Locale;

/** Why a runner ended. */
public enum ExitCause {
  /** The guest ended by itself with code 0. */
  COMPLETED,
  /** The guest ended by itself with another code. */
  EXIT_CODE,
  /** A WebAssembly trap: unreachable, out of bounds and the like. */
  TRAP,
  /** The guest's stack was exhausted. */
  STACK_OVERFLOW,
  /** The guest wanted more memory than it may have. */
  MEMORY_LIMIT,
  /** The guest wanted more files and sockets open than it may have. */
  DESCRIPTOR_LIMIT,
  /** Its port was in use. */
  PORT_IN_USE,
  /** The module imports what nobody provides. */
  MISSING_IMPORT,
  /** The module file is missing, changed or no valid module. */
  INVALID_MODULE,
  /** It was not healthy in time after its start. */
  START_TIMEOUT,
  /** It did not answer probes, and neither called the host nor came back from a call of it. */
  HUNG,
  /** Stopped by wasmrunner, on purpose. */
  STOPPED,
  /** Killed from outside. */
  KILLED,
  /** A fault of the engine or the launcher. */
  ENGINE_FAILURE;

  /** The name as JSON writes it, in snake case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
