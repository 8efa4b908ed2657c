package io.wasmrunner.proxy.policy;

import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.ApiKeyAuth;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Login by a key. Only hashes are here; what is compared says nothing about the keys. */
final class ApiKeys {
  private static final int LONGEST = 4_096;

  private final @Nullable CharSequence header;
  private final Optional<String> query;
  private final Map<ByteBuffer, Identity> known = new HashMap<>();

  ApiKeys(ApiKeyAuth auth) {
    this.header = auth.header().map(HttpHeaders::createOptimized).orElse(null);
    this.query = auth.query();
    for (ApiKeyAuth.Key key : auth.keys()) {
      known.put(
          digest(HexFormat.of().parseHex(key.sha256())),
          new Identity("api_key", key.name(), Map.of()));
    }
  }

  /** The key that a request carries. */
  @Nullable String of(PolicyRequest request) {
    String inHeader = header == null ? null : request.header(header);
    String text = request.query();
    return inHeader != null || query.isEmpty() || text == null
        ? inHeader
        : QueryText.first(text, query.get());
  }

  /** Whose it is. */
  Optional<Identity> check(String key) {
    if (key.length() > LONGEST) {
      return Optional.empty();
    }
    // How long a look-up by digest takes may tell about digests, and none leads to a key. The key
    // itself is never compared.
    return Optional.ofNullable(known.get(digest(Digest.sha256(key))));
  }

  /** As something to look for. */
  private static ByteBuffer digest(byte[] octets) {
    return ByteBuffer.wrap(octets);
  }
}
