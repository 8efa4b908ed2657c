package io.wasmrunner.model;

/**
 * How large a request for a service may be. 0 is no bound beyond those of the process.
 *
 * @param bodyBytes bytes of its body
 * @param headerBytes bytes of all its header fields together
 * @param headerFields number of its header fields
 */
public record RequestBounds(long bodyBytes, int headerBytes, int headerFields) {
  /** No bounds. */
  public static final RequestBounds NONE = new RequestBounds(0, 0, 0);
}
