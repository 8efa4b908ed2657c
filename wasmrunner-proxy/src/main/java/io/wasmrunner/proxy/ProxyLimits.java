package io.wasmrunner.proxy;

import java.time.Duration;

/**
 * Bounds of the proxy. All of them are per process, whatever the number of event loops.
 *
 * @param connectionsPerRunner open connections to one runner; default 256
 * @param waitingPerRunner requests that wait for one of them; more are answered with 503; default
 *     256
 * @param maxHeaderBytes sum of a request's header fields; more is answered with 431; default 32 KiB
 * @param maxHeaderFields header fields of a request, and trailer fields as well; more is answered
 *     with 431; default 128
 * @param maxLineBytes request line; more is answered with 414; default 8 KiB
 * @param clientIdle how long a client may keep a connection without a request under way, a request
 *     head that does not arrive included; default 75 s
 * @param runnerIdle how long an unused connection to a runner is kept; default 30 s
 * @param endpointNames endpoints counted by name per service, the rest as {@code other}; default
 *     200
 * @param heldBodyBytes bodies that are held while contracts are checked on them, of all requests
 *     together; what comes beyond is as a body that is too large to be checked; default an eighth
 *     of the heap
 */
public record ProxyLimits(
    int connectionsPerRunner,
    int waitingPerRunner,
    int maxHeaderBytes,
    int maxHeaderFields,
    int maxLineBytes,
    Duration clientIdle,
    Duration runnerIdle,
    int endpointNames,
    long heldBodyBytes) {

  /** The defaults. */
  public static final ProxyLimits DEFAULT =
      new ProxyLimits(
          256,
          256,
          32 * 1024,
          128,
          8 * 1024,
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          200,
          Runtime.getRuntime().maxMemory() / 8);

  /** Checks the bounds. */
  public ProxyLimits {
    atLeast("connectionsPerRunner", connectionsPerRunner, 1);
    atLeast("waitingPerRunner", waitingPerRunner, 0);
    atLeast("maxHeaderBytes", maxHeaderBytes, 1024);
    atLeast("maxHeaderFields", maxHeaderFields, 8);
    atLeast("maxLineBytes", maxLineBytes, 256);
    atLeast("endpointNames", endpointNames, 1);
    atLeast("heldBodyBytes", heldBodyBytes, 1024);
  }

  /** The same with another bound for bodies that are held. */
  public ProxyLimits withHeldBodyBytes(long other) {
    return new ProxyLimits(
        connectionsPerRunner,
        waitingPerRunner,
        maxHeaderBytes,
        maxHeaderFields,
        maxLineBytes,
        clientIdle,
        runnerIdle,
        endpointNames,
        other);
  }

  private static void atLeast(String name, long value, long minimum) {
    if (value < minimum) {
      throw new IllegalArgumentException(name + " must be at least " + minimum + ", got " + value);
    }
  }
}
