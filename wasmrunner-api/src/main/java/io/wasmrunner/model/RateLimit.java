package io.wasmrunner.model;

import java.time.Duration;

/**
 * How many requests a caller may send: a bucket of tokens for each, filled evenly.
 *
 * @param rate tokens that come in a period
 * @param period the period
 * @param burst tokens that a bucket holds, so many requests may come at once
 * @param key what tells callers apart
 * @param maxKeys callers remembered; beyond it the one that was quiet longest is forgotten
 */
public record RateLimit(int rate, Duration period, int burst, Key key, int maxKeys) {
  /** Callers remembered unless told otherwise. */
  public static final int DEFAULT_MAX_KEYS = 10_000;

  /** Checks the numbers. */
  public RateLimit {
    if (rate < 1 || burst < 1 || maxKeys < 1 || period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("rate, period, burst and maxKeys must be positive");
    }
  }

  /**
   * What tells callers apart.
   *
   * @param source where it is found
   * @param name name of the header field or claim; empty for the others
   */
  public record Key(Source source, String name) {
    /** The address of the client. */
    public static final Key CLIENT = new Key(Source.CLIENT, "");
  }

  /** Where the key is found. */
  public enum Source {
    /** Nowhere: one bucket for all. */
    SERVICE,
    /** The address of the client; of IPv6 its first 64 bits. */
    CLIENT,
    /** A header field; requests without it share a bucket. */
    HEADER,
    /** Who logged in; the client's address where nobody did. */
    IDENTITY,
    /** A claim of the token; the client's address where there is none. */
    CLAIM
  }
}
