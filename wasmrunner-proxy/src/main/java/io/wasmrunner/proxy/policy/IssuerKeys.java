package io.wasmrunner.proxy.policy;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.wasmrunner.model.JwtAuth;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer. Read when first needed, again when they are old, and at once when a
 * token names a key that is not among them, though not more often than every ten seconds. When that
 * fails, those known stay in force. One read at a time. Thread-safe.
 */
final class IssuerKeys {
  static final String UNREADABLE = "WR-3521";

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  private final String place;
  private final long refreshNanos;
  private final KeySetReader reader;
  private final LongSupplier ticker;
  private @Nullable JWKSet keys;
  private long readAt;
  private boolean triedBefore;
  private long triedAt;
  private @Nullable Promise<JWKSet> reading;

  /** Reads a set of keys from its place, somewhere else than here. */
  interface KeySetReader {
    Future<String> read(String place);
  }

  IssuerKeys(JwtAuth auth, KeySetReader reader, LongSupplier ticker) {
    this.place = auth.jwks();
    this.refreshNanos = auth.refresh().toNanos();
    this.reader = reader;
    this.ticker = ticker;
  }

  /** The keys at hand, if any; starts to read them anew when they are old. */
  synchronized Optional<JWKSet> now() {
    if (keys != null && ticker.getAsLong() - readAt >= refreshNanos && mayRead()) {
      read();
    }
    return Optional.ofNullable(keys);
  }

  /** The keys after another look at their place; at once when that was looked at just now. */
  synchronized Future<JWKSet> anew() {
    if (reading != null) {
      return reading.future();
    }
    if (mayRead()) {
      return read();
    }
    return keys != null
        ? Future.succeededFuture(keys)
        : Future.failedFuture("the keys could not be read");
  }

  private boolean mayRead() {
    return reading == null && (!triedBefore || ticker.getAsLong() - triedAt >= PAUSE_NANOS);
  }

  private synchronized Future<JWKSet> read() {
    Promise<JWKSet> promise = Promise.promise();
    reading = promise;
    triedBefore = true;
    triedAt = ticker.getAsLong();
    reader.read(place).map(IssuerKeys::parse).onComplete(this::taken, this::failed);
    return promise.future();
  }

  private void taken(JWKSet found) {
    Promise<JWKSet> waiting;
    synchronized (this) {
      keys = found;
      readAt = ticker.getAsLong();
      waiting = reading;
      reading = null;
    }
    if (waiting != null) {
      waiting.tryComplete(found);
    }
  }

  private void failed(Throwable cause) {
    JWKSet left;
    Promise<JWKSet> waiting;
    synchronized (this) {
      left = keys;
      waiting = reading;
      reading = null;
    }
    LOG.warn(
        "{}: the keys at {} cannot be read ({}); {}. Fix: make them readable as a JWK set.",
        UNREADABLE,
        place,
        cause.toString(),
        left == null ? "tokens are refused" : "those known before stay in force");
    if (waiting != null) {
      if (left == null) {
        waiting.tryFail(cause);
      } else {
        waiting.tryComplete(left);
      }
    }
  }

  private static JWKSet parse(String text) {
    try {
      return JWKSet.parse(text).toPublicJWKSet();
    } catch (ParseException e) {
      throw new IllegalArgumentException("no JWK set", e);
    }
  }
}
