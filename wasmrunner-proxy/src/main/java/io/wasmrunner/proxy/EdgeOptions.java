package io.wasmrunner.proxy;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * How the entry point treats clients. Start from {@link #DEFAULT} and change what differs.
 *
 * @param trustedProxies whose word about earlier hops counts; default nobody's
 * @param accessLog where each request is written down; default nowhere
 * @param serverTiming whether answers say what took how long; default no
 * @param maxConnections open connections of clients, all listeners together; more are closed at
 *     once; default 10,000
 * @param minBodyRate bytes a second that a request body must come with, averaged over ten seconds;
 *     0 for no bound; default 240
 * @param random for ids of requests and traces, which are no secrets; thread-safe
 */
public record EdgeOptions(
    TrustedProxies trustedProxies,
    AccessLogOptions accessLog,
    boolean serverTiming,
    int maxConnections,
    int minBodyRate,
    RandomGenerator random) {

  /** The defaults. */
  public static final EdgeOptions DEFAULT =
      new EdgeOptions(
          TrustedProxies.NONE,
          AccessLogOptions.OFF,
          false,
          10_000,
          240,
          () -> ThreadLocalRandom.current().nextLong());

  /** Checks the bounds. */
  public EdgeOptions {
    if (maxConnections < 1 || minBodyRate < 0) {
      throw new IllegalArgumentException(
          "maxConnections must be at least 1 and minBodyRate not negative, got "
              + maxConnections
              + " and "
              + minBodyRate);
    }
  }

  /** The same with other trusted proxies. */
  public EdgeOptions withTrustedProxies(TrustedProxies other) {
    return new EdgeOptions(other, accessLog, serverTiming, maxConnections, minBodyRate, random);
  }

  /** The same with another access log. */
  public EdgeOptions withAccessLog(AccessLogOptions other) {
    return new EdgeOptions(
        trustedProxies, other, serverTiming, maxConnections, minBodyRate, random);
  }

  /** The same with or without {@code Server-Timing}. */
  public EdgeOptions withServerTiming(boolean other) {
    return new EdgeOptions(trustedProxies, accessLog, other, maxConnections, minBodyRate, random);
  }

  /** The same with another bound on connections. */
  public EdgeOptions withMaxConnections(int other) {
    return new EdgeOptions(trustedProxies, accessLog, serverTiming, other, minBodyRate, random);
  }

  /** The same with another least rate of bodies. */
  public EdgeOptions withMinBodyRate(int other) {
    return new EdgeOptions(trustedProxies, accessLog, serverTiming, maxConnections, other, random);
  }

  /** The same with other chance. */
  public EdgeOptions withRandom(RandomGenerator other) {
    return new EdgeOptions(
        trustedProxies, accessLog, serverTiming, maxConnections, minBodyRate, other);
  }
}
