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
}
