package io.wasmrunner.model;

/**
 * Where a runner can be reached. Today always TCP.
 *
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 */
public record RunnerAddress(String host, int port) {
  /** Checks the port. */
  public RunnerAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, got " + port);
    }
  }

  /** {@code http://host:port}, an IPv6 host in brackets. */
  public String baseUrl() {
    return "http://" + this;
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
