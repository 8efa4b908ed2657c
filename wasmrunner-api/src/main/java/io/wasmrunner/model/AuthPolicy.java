package io.wasmrunner.model;

import java.util.List;
import java.util.Optional;

/**
 * Who may call a service. One of the ways is enough.
 *
 * @param apiKey by a key
 * @param basic by name and password
 * @param jwt by a signed token
 * @param publicPaths paths below the prefix that ask for nothing; one that ends with {@code /*}
 *     stands for all below it
 * @param forwardCredentials whether the service sees what the caller proved itself with; default no
 */
public record AuthPolicy(
    Optional<ApiKeyAuth> apiKey,
    Optional<BasicAuth> basic,
    Optional<JwtAuth> jwt,
    List<String> publicPaths,
    boolean forwardCredentials) {
  /** Copies the list. */
  public AuthPolicy {
    publicPaths = List.copyOf(publicPaths);
  }
}
