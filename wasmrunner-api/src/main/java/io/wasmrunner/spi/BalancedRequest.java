package io.wasmrunner.spi;

import java.util.Optional;

/** A request as a load-balancing strategy sees it. */
public interface BalancedRequest {
  /** HTTP method. */
  String method();

  /** Path on the service, with a leading slash, without query. */
  String path();

  /** First value of a header, its name in any case. */
  Optional<String> header(String name);

  /** Address of the client. */
  String clientAddress();

  /** Value of a cookie, its name in exact case. Default: none is known. */
  default Optional<String> cookie(String name) {
    return Optional.empty();
  }

  /** First value of a query parameter, as it stands in the URI. Default: none is known. */
  default Optional<String> queryParameter(String name) {
    return Optional.empty();
  }

  /** Whether the client came by TLS. Default: false. */
  default boolean secure() {
    return false;
  }

  /**
   * Adds a header field to the answer that the client gets, unless another choice for the same
   * request follows. Default: nothing.
   *
   * @param name such as {@code Set-Cookie}
   * @param value its value
   */
  default void addAnswerHeader(String name, String value) {}
}
