package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import java.util.Map;
import java.util.Optional;

/** What of a request decides where it goes. */
@FunctionalInterface
interface RequestKey {
  /** The key of a request; empty when it has none. */
  Optional<String> of(BalancedRequest request);

  /**
   * Reads the settings {@code by} and {@code key}.
   *
   * @throws IllegalArgumentException when they do not fit together
   */
  static RequestKey from(Map<String, Object> settings) {
    String by = (String) settings.getOrDefault("by", "address");
    String key = (String) settings.getOrDefault("key", "");
    if (by.equals("address")) {
      if (!key.isEmpty()) {
        throw new IllegalArgumentException("\"key\" means nothing with \"by\": \"address\"");
      }
      return request -> Optional.of(request.clientAddress());
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "\"by\": \"%s\" needs \"key\", the name of the %s".formatted(by, by));
    }
    return switch (by) {
      case "header" -> request -> request.header(key);
      case "cookie" -> request -> request.cookie(key);
      case "query" -> request -> request.queryParameter(key);
      default -> throw new IllegalArgumentException("\"by\" cannot be \"" + by + "\"");
    };
  }
}
