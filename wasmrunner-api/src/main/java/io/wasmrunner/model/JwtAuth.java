package io.wasmrunner.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Login by a signed token in {@code Authorization: Bearer}: RFC 7519.
 *
 * @param issuer what {@code iss} must be
 * @param audiences one of them must be in {@code aud}; empty for any
 * @param algorithms the only ones accepted, such as {@code RS256}; never symmetric, never none
 * @param jwks file or http(s) URL of the issuer's keys
 * @param refresh how long keys are kept before they are read again
 * @param leeway how far the clocks may differ
 * @param scopes what the token must allow, else 403
 */
public record JwtAuth(
    Optional<String> issuer,
    List<String> audiences,
    List<String> algorithms,
    String jwks,
    Duration refresh,
    Duration leeway,
    List<String> scopes) {
  /** Copies the lists. */
  public JwtAuth {
    audiences = List.copyOf(audiences);
    algorithms = List.copyOf(algorithms);
    scopes = List.copyOf(scopes);
  }
}
