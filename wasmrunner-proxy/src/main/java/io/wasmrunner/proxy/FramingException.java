package io.wasmrunner.proxy;

/** A request that is refused for the way it is framed. */
final class FramingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FramingFault fault;

  FramingException(FramingFault fault) {
    super(fault.what(), null, false, false);
    this.fault = fault;
  }

  FramingFault fault() {
    return fault;
  }
}
