package io.wasmrunner.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request that the entry point answered with a problem of its own.
 *
 * @param at when it was answered
 * @param requestId its id
 * @param client address of the client; empty when unknown
 * @param method its method; {@code -} when it could not be read
 * @param target path and query, values of the query masked
 * @param status status of the answer
 * @param code which rule, {@code WR-nnnn}
 * @param detail what happened
 * @param service the service, if it was for one
 * @param decisions what was decided on the way
 */
public record RefusedRequest(
    Instant at,
    String requestId,
    String client,
    String method,
    String target,
    int status,
    String code,
    String detail,
    Optional<String> service,
    List<Decision> decisions) {
  /** Copies the list. */
  public RefusedRequest {
    decisions = List.copyOf(decisions);
  }
}
