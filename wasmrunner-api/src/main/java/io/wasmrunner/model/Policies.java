package io.wasmrunner.model;

import java.util.Optional;

/**
 * What the proxy asks of the requests for a service, and does to its answers.
 *
 * @param rateLimit how many requests a caller may send
 * @param auth who may call
 * @param cors which pages of other sites may call from a browser
 * @param contract what openapi.json says, and how strictly it is taken
 * @param compression which answers are compressed
 * @param bounds how large a request may be
 */
public record Policies(
    Optional<RateLimit> rateLimit,
    Optional<AuthPolicy> auth,
    Optional<CorsPolicy> cors,
    Optional<ContractPolicy> contract,
    Optional<CompressionPolicy> compression,
    RequestBounds bounds) {
  /** The defaults: everything passes. */
  public static final Policies DEFAULT =
      new Policies(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          RequestBounds.NONE);

  /** The same with a rate limit. */
  public Policies withRateLimit(RateLimit other) {
    return new Policies(Optional.of(other), auth, cors, contract, compression, bounds);
  }

  /** The same with a login. */
  public Policies withAuth(AuthPolicy other) {
    return new Policies(rateLimit, Optional.of(other), cors, contract, compression, bounds);
  }

  /** The same with rules for pages of other sites. */
  public Policies withCors(CorsPolicy other) {
    return new Policies(rateLimit, auth, Optional.of(other), contract, compression, bounds);
  }

  /** The same with a contract. */
  public Policies withContract(ContractPolicy other) {
    return new Policies(rateLimit, auth, cors, Optional.of(other), compression, bounds);
  }

  /** The same with compression. */
  public Policies withCompression(CompressionPolicy other) {
    return new Policies(rateLimit, auth, cors, contract, Optional.of(other), bounds);
  }

  /** The same with bounds. */
  public Policies withBounds(RequestBounds other) {
    return new Policies(rateLimit, auth, cors, contract, compression, other);
  }
}
