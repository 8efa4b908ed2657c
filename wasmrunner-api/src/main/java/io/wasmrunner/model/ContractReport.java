package io.wasmrunner.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the traffic of a service and its openapi.json differ, since the contract was loaded. Holds
 * no values of requests or answers.
 *
 * @param ready whether the contract has been read; traffic before that was not looked at
 * @param problem why the contract cannot be used, if it cannot
 * @param findings the differences, those seen most often first; a bounded number
 * @param omitted how often something else was found that is not listed
 */
public record ContractReport(
    boolean ready, Optional<String> problem, List<Finding> findings, long omitted) {
  /** Nothing to say. */
  public static final ContractReport EMPTY =
      new ContractReport(false, Optional.empty(), List.of(), 0);

  /** Copies the list. */
  public ContractReport {
    findings = List.copyOf(findings);
  }

  /** What differs. */
  public enum Kind {
    /** A path that the contract does not have. */
    PATH,
    /** A method that the path does not have. */
    METHOD,
    /** A status that the operation does not have. */
    STATUS,
    /** A request that does not fit. */
    REQUEST,
    /** An answer that does not fit. */
    RESPONSE,
    /** Something in the contract that is not checked. */
    UNCHECKED
  }

  /**
   * A difference.
   *
   * @param kind what differs
   * @param method method of the request
   * @param path template of the path, or the path with numbers replaced where there is none
   * @param status status of the answer; 0 for requests
   * @param place where: {@code query.limit}, {@code body/items/*}; empty for the whole
   * @param expected what the contract says
   * @param count how often
   * @param firstAt first time
   * @param lastAt last time
   */
  public record Finding(
      Kind kind,
      String method,
      String path,
      int status,
      String place,
      String expected,
      long count,
      Instant firstAt,
      Instant lastAt) {}
}
