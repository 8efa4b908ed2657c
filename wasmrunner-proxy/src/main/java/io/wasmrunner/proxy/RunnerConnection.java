package io.wasmrunner.proxy;

import io.vertx.core.http.HttpClientConnection;
import org.jspecify.annotations.Nullable;

/** An open connection to a runner. Confined to its event loop. */
final class RunnerConnection {
  private final RunnerConnections owner;
  private final HttpClientConnection http;
  private final @Nullable RunnerWire wire;
  private boolean reused;
  private boolean closed;
  private long idleSince;

  RunnerConnection(RunnerConnections owner, HttpClientConnection http) {
    this.owner = owner;
    this.http = http;
    this.wire = RunnerWire.into(http);
  }

  HttpClientConnection http() {
    return http;
  }

  /** What Vert.x's client does not do on it; null if nothing does. */
  @Nullable RunnerWire wire() {
    return wire;
  }

  /** Whether a request went over it before this one. */
  boolean reused() {
    return reused;
  }

  boolean closed() {
    return closed;
  }

  void markClosed() {
    closed = true;
  }

  long idleSince() {
    return idleSince;
  }

  void markIdle(long now) {
    reused = true;
    idleSince = now;
  }

  /** Gives it back after a whole exchange. */
  void release() {
    owner.release(this);
  }

  /** Closes it: it is in the middle of something, or its peer wants so. */
  void discard() {
    if (!closed) {
      // Its close handler does the accounting.
      http.close();
    }
  }
}
