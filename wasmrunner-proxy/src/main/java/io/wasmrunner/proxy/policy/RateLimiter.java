package io.wasmrunner.proxy.policy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.RateLimit;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a caller send so many requests and no more, and tells it how many are left
 * (draft-ietf-httpapi-ratelimit-headers). Thread-safe.
 */
final class RateLimiter {
  private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
  private static final CharSequence LEFT = HttpHeaders.createOptimized("RateLimit");
  private static final long SECOND = 1_000_000_000L;
  private static final int LONGEST_KEY = 200;

  private final RateLimit limit;
  private final TokenBuckets buckets;
  private final String policy;

  RateLimiter(RateLimit limit, TokenBuckets buckets) {
    this.limit = limit;
    this.buckets = buckets;
    long window = limit.period().toNanos() / limit.rate() * limit.burst();
    this.policy =
        "\"service\";q=" + limit.burst() + ";w=" + Math.max(1, (window + SECOND - 1) / SECOND);
  }

  RateLimit limit() {
    return limit;
  }

  /** Whether it has to know who calls. */
  boolean needsIdentity() {
    return limit.key().source() == RateLimit.Source.IDENTITY
        || limit.key().source() == RateLimit.Source.CLAIM;
  }

  /** Counts a request; a denial when it is one too many. Notes what is left in the answer. */
  @Nullable Denial check(PolicyRequest request, @Nullable Identity caller, MultiMap answer) {
    TokenBuckets.Grant grant = buckets.take(key(request, caller));
    String left = "\"service\";r=" + grant.left() + ";t=" + seconds(grant.nanosToFull());
    answer.set(POLICY, policy);
    answer.set(LEFT, left);
    if (grant.granted()) {
      return null;
    }
    long wait = seconds(grant.nanosToNext());
    return Denial.of(
            Denial.Reason.RATE_LIMITED,
            "More requests than the service takes from one caller.",
            "Try again in " + wait + " s, and send fewer.")
        .withHeaders(Map.of("Retry-After", String.valueOf(wait)));
  }

  private String key(PolicyRequest request, @Nullable Identity caller) {
    String name = limit.key().name();
    return switch (limit.key().source()) {
      case SERVICE -> "";
      case CLIENT -> client(request);
      case HEADER -> bounded("h" + request.headers().get(name));
      case IDENTITY ->
          caller == null ? client(request) : bounded(caller.way() + ":" + caller.name());
      case CLAIM -> {
        Object claim = caller == null ? null : caller.claims().get(name);
        yield claim == null ? client(request) : bounded("c" + claim);
      }
    };
  }

  private static String client(PolicyRequest request) {
    String address = request.clientAddress();
    return "a" + (address.indexOf(':') < 0 ? address : network(address));
  }

  /** Whoever has one IPv6 address has its whole network. */
  private static String network(String address) {
    try {
      InetAddress parsed = InetAddress.getByName(address); // A literal: nothing is looked up.
      byte[] octets = parsed.getAddress();
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(octets, 8))
          : parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }

  private static String bounded(String key) {
    return key.length() <= LONGEST_KEY
        ? key
        : key.substring(0, LONGEST_KEY) + Digest.hex(Digest.sha256(key));
  }

  private static long seconds(long nanos) {
    return (nanos + SECOND - 1) / SECOND;
  }
}
