package io.wasmrunner.proxy;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * How the proxy runs. Start from {@link #defaults()} and change what differs.
 *
 * @param host address to listen on; default {@code 127.0.0.1}
 * @param port TCP port to listen on, 0 for any free one; default 14000
 * @param eventLoops event loops that serve requests; default half the cores, at least 1
 * @param drainTimeout how long requests under way may take to end on {@link Proxy#close()}; default
 *     10 s
 * @param forwarder which code forwards
 * @param clock the time, for statistics and events
 * @param limits bounds
 * @param tls certificate and key when the entry point is to speak TLS
 * @param edge how clients are treated
 */
public record ProxyOptions(
    String host,
    int port,
    int eventLoops,
    Duration drainTimeout,
    ForwarderKind forwarder,
    Clock clock,
    ProxyLimits limits,
    Optional<TlsFiles> tls,
    EdgeOptions edge) {

  /** Port of the entry point unless told otherwise. */
  public static final int DEFAULT_PORT = 14000;

  /** Checks the values. */
  public ProxyOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, got " + port);
    }
    if (eventLoops < 1) {
      throw new IllegalArgumentException("eventLoops must be at least 1, got " + eventLoops);
    }
    if (drainTimeout.isNegative()) {
      throw new IllegalArgumentException("drainTimeout must not be negative, got " + drainTimeout);
    }
  }

  /** With the default limits. */
  public ProxyOptions(
      String host,
      int port,
      int eventLoops,
      Duration drainTimeout,
      ForwarderKind forwarder,
      Clock clock) {
    this(
        host,
        port,
        eventLoops,
        drainTimeout,
        forwarder,
        clock,
        ProxyLimits.DEFAULT,
        Optional.empty(),
        EdgeOptions.DEFAULT);
  }

  /** The defaults. */
  public static ProxyOptions defaults() {
    return new ProxyOptions(
        "127.0.0.1",
        DEFAULT_PORT,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        Duration.ofSeconds(10),
        ForwarderKind.NATIVE,
        Clock.systemUTC());
  }

  /** The same on another host. */
  public ProxyOptions withHost(String other) {
    return new ProxyOptions(
        other, port, eventLoops, drainTimeout, forwarder, clock, limits, tls, edge);
  }

  /** The same on another port. */
  public ProxyOptions withPort(int other) {
    return new ProxyOptions(
        host, other, eventLoops, drainTimeout, forwarder, clock, limits, tls, edge);
  }

  /** The same with another number of event loops. */
  public ProxyOptions withEventLoops(int other) {
    return new ProxyOptions(host, port, other, drainTimeout, forwarder, clock, limits, tls, edge);
  }

  /** The same with another drain time-out. */
  public ProxyOptions withDrainTimeout(Duration other) {
    return new ProxyOptions(host, port, eventLoops, other, forwarder, clock, limits, tls, edge);
  }

  /** The same with another forwarder. */
  public ProxyOptions withForwarder(ForwarderKind other) {
    return new ProxyOptions(host, port, eventLoops, drainTimeout, other, clock, limits, tls, edge);
  }

  /** The same with another clock. */
  public ProxyOptions withClock(Clock other) {
    return new ProxyOptions(
        host, port, eventLoops, drainTimeout, forwarder, other, limits, tls, edge);
  }

  /** The same with other limits. */
  public ProxyOptions withLimits(ProxyLimits other) {
    return new ProxyOptions(
        host, port, eventLoops, drainTimeout, forwarder, clock, other, tls, edge);
  }

  /** The same with TLS. */
  public ProxyOptions withTls(TlsFiles files) {
    return new ProxyOptions(
        host, port, eventLoops, drainTimeout, forwarder, clock, limits, Optional.of(files), edge);
  }

  /** The same with other treatment of clients. */
  public ProxyOptions withEdge(EdgeOptions other) {
    return new ProxyOptions(
        host, port, eventLoops, drainTimeout, forwarder, clock, limits, tls, other);
  }
}
