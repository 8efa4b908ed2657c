package io.wasmrunner.model;

import java.util.List;
import java.util.Optional;

/**
 * Login by a key.
 *
 * @param header header field that carries it
 * @param query query parameter that carries it
 * @param keys the known ones
 */
public record ApiKeyAuth(Optional<String> header, Optional<String> query, List<Key> keys) {
  /** Copies the list. */
  public ApiKeyAuth {
    keys = List.copyOf(keys);
  }

  /**
   * A known key.
   *
   * @param name whose it is
   * @param sha256 SHA-256 of it in hexadecimal digits; the key itself is known to nobody
   */
  public record Key(String name, String sha256) {
    @Override
    public String toString() {
      return "Key[name=" + name + "]";
    }
  }
}
