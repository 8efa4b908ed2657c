package io.wasmrunner.runtime;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The key {@code url} of service.json.
 *
 * @param host host as written
 * @param port port of runner 0
 */
record ServiceUrl(String host, int port) {
  private static final int HTTP = 80;

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException with the expectation that is not met
   */
  static ServiceUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a URL such as http://127.0.0.1:15001", e);
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("a URL that begins with http:// (runners speak no TLS)");
    }
    if (uri.getHost() == null || uri.getHost().isEmpty()) {
      throw new IllegalArgumentException("a URL with a host, such as http://127.0.0.1:15001");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (!(path.isEmpty() || path.equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("a URL of host and port only");
    }
    int port = uri.getPort() == -1 ? HTTP : uri.getPort();
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port from 1 to 65535");
    }
    return new ServiceUrl(uri.getHost().replaceAll("^\\[|]$", ""), port);
  }

  /** Whether the host means this machine without doubt. */
  boolean local() {
    return host.equalsIgnoreCase("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("0.0.0.0")
        || host.equals("::");
  }
}
