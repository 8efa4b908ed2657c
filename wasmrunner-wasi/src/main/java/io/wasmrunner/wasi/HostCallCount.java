package io.wasmrunner.wasi;

/**
 * How often a guest called a function of the host.
 *
 * @param calls calls that were begun
 * @param errors those that gave an error number; EAGAIN and EINPROGRESS, with which non-blocking
 *     descriptors ask for patience, are none
 */
public record HostCallCount(long calls, long errors) {
  HostCallCount plus(HostCallCount other) {
    return new HostCallCount(calls + other.calls, errors + other.errors);
  }
}
