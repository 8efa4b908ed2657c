package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.wasmrunner.model.BasicAuth;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Login by name and password. Hashes are compared off the event loop; who was right is remembered
 * for a while, under a hash that means nothing outside this process. Thread-safe.
 */
final class BasicLogin {
  private static final int REMEMBERED = 1_000;
  private static final long REMEMBERED_NANOS = 300_000_000_000L;
  private static final int LONGEST = 1_024;

  private final Map<String, String> hashes = new HashMap<>();
  private final String anyHash;
  private final Workers workers;
  private final LongSupplier ticker;
  private final String salt;
  private final BoundedCache<String, Long> known = new BoundedCache<>(REMEMBERED);

  BasicLogin(BasicAuth auth, Workers workers, LongSupplier ticker) {
    auth.users().forEach(user -> hashes.putIfAbsent(user.name(), user.hash()));
    this.anyHash = auth.users().isEmpty() ? "" : auth.users().get(0).hash();
    this.workers = workers;
    this.ticker = ticker;
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    this.salt = Digest.hex(random);
  }

  /** Who it is; empty for nobody. Fails with {@link Workers.BusyException}. */
  Future<Optional<Identity>> check(String credentials) {
    Optional<String> pair = decode(credentials);
    int colon = pair.map(text -> text.indexOf(':')).orElse(-1);
    if (pair.isEmpty() || colon < 0 || hashes.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    String name = pair.get().substring(0, colon);
    String password = pair.get().substring(colon + 1);
    String mark = Digest.hex(Digest.sha256(salt + pair.get()));
    Long since = known.get(mark);
    if (since != null && ticker.getAsLong() - since < REMEMBERED_NANOS) {
      return Future.succeededFuture(Optional.of(identity(name)));
    }
    // Who is not known takes as long as who is.
    String hash = hashes.getOrDefault(name, anyHash);
    return workers
        .run(() -> Passwords.match(password, hash))
        .map(
            right -> {
              if (!right || !hashes.containsKey(name)) {
                return Optional.<Identity>empty();
              }
              known.put(mark, ticker.getAsLong());
              return Optional.of(identity(name));
            });
  }

  private static Identity identity(String name) {
    return new Identity("basic", name, Map.of());
  }

  private static Optional<String> decode(String credentials) {
    if (credentials.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
