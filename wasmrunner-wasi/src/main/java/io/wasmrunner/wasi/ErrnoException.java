package io.wasmrunner.wasi;

/** Ends a host call with an error number for the guest. */
final class ErrnoException extends RuntimeException {
  private final Errno errno;

  ErrnoException(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  Errno errno() {
    return errno;
  }
}
