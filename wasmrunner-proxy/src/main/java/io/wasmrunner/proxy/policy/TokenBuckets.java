package io.wasmrunner.proxy.policy;

import io.wasmrunner.model.RateLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A bucket of tokens for each caller; those that were quiet longest are forgotten. Thread-safe: all
 * event loops take from the same buckets.
 */
final class TokenBuckets {
  private final LongSupplier ticker;
  private final double tokensPerNano;
  private final int size;
  private final Map<String, Bucket> buckets;

  private static final class Bucket {
    private double tokens;
    private long at;
  }

  /**
   * What came of an attempt.
   *
   * @param granted whether there was a token
   * @param left whole tokens that are left
   * @param nanosToNext time until there is one, 0 when there is
   * @param nanosToFull time until the bucket is full
   */
  record Grant(boolean granted, int left, long nanosToNext, long nanosToFull) {}

  TokenBuckets(RateLimit limit, LongSupplier ticker) {
    this.ticker = ticker;
    this.tokensPerNano = (double) limit.rate() / limit.period().toNanos();
    this.size = limit.burst();
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > limit.maxKeys();
          }
        };
  }

  /** Takes a token out of a caller's bucket, if there is one. */
  synchronized Grant take(String key) {
    long now = ticker.getAsLong();
    Bucket bucket = buckets.get(key);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = size;
      bucket.at = now;
      buckets.put(key, bucket);
    }
    bucket.tokens = Math.min(size, bucket.tokens + (now - bucket.at) * tokensPerNano);
    bucket.at = now;
    boolean granted = bucket.tokens >= 1;
    if (granted) {
      bucket.tokens -= 1;
    }
    return new Grant(
        granted,
        (int) bucket.tokens,
        bucket.tokens >= 1 ? 0 : nanosFor(1 - bucket.tokens),
        nanosFor(size - bucket.tokens));
  }

  /** Callers remembered. */
  synchronized int callers() {
    return buckets.size();
  }

  private long nanosFor(double tokens) {
    return (long) Math.ceil(tokens / tokensPerNano);
  }
}
