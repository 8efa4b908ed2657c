package io.wasmrunner.wasi;

/** A host function failed by a fault of ours. */
final class HostFaultException extends RuntimeException {
  HostFaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
