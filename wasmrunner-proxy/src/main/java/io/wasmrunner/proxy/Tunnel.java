package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes both ways after an upgrade to WebSocket. Confined to its event loop. */
final class Tunnel {
  /** So long both ends may take to close what they were told to close. */
  private static final long GOODBYE_NANOS = 2_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

  private final Exchange exchange;
  private final NetSocket runnerEnd;
  private final Runnable moved;
  private final Runnable closed;
  private boolean over;
  private long leavingSince;
  private boolean leaving;
  private @Nullable TunnelEnd fromClient;
  private @Nullable TunnelEnd fromRunner;

  private Tunnel(Exchange exchange, NetSocket runnerEnd, Runnable moved, Runnable closed) {
    this.exchange = exchange;
    this.runnerEnd = runnerEnd;
    this.moved = moved;
    this.closed = closed;
  }

  /**
   * Passes the runner's consent on and joins both ends.
   *
   * @param runnerEnd paused
   * @param moved runs for each piece
   * @param closed runs once, when either end has closed
   */
  static Tunnel open(
      Exchange exchange,
      HttpResponse in,
      NetSocket runnerEnd,
      LiveUpstream from,
      Runnable moved,
      Runnable closed) {
    Tunnel tunnel = new Tunnel(exchange, runnerEnd, moved, closed);
    Answer.copyHead(exchange, in, from);
    HttpServerResponse response = exchange.response();
    response.putHeader(HttpHeaders.CONNECTION, "Upgrade");
    response.putHeader(HttpHeaders.UPGRADE, "websocket");
    exchange.loop().clients().forget(exchange.request().connection());
    FramingGuard.dismiss(exchange.request().connection());
    exchange.request().toNetSocket().onComplete(tunnel::join, tunnel::failed);
    return tunnel;
  }

  /** Tells both ends that this is going away, and closes when they have, or after two seconds. */
  void leave(long now) {
    TunnelEnd client = fromClient;
    TunnelEnd runner = fromRunner;
    if (client == null || runner == null) {
      close();
    } else if (!leaving && !over) {
      leaving = true;
      leavingSince = now;
      client.leave();
      runner.leave();
      closeIfSaid();
    }
  }

  /** Looks at the clock. */
  void tick(long now) {
    if (leaving && !over && now - leavingSince > GOODBYE_NANOS) {
      close();
    }
  }

  private void moved() {
    moved.run();
    closeIfSaid();
  }

  private void closeIfSaid() {
    TunnelEnd client = fromClient;
    TunnelEnd runner = fromRunner;
    if (leaving
        && client != null
        && runner != null
        && (client.hasClosed() || client.isLost())
        && (runner.hasClosed() || runner.isLost())) {
      // What was said last is still on its way.
      exchange.loop().context().runOnContext(later -> close());
    }
  }

  /** Closes both ends. */
  void close() {
    if (!over) {
      over = true;
      closed.run();
      // The client's end follows when the runner's has closed.
      runnerEnd.close();
    }
  }

  private void join(NetSocket clientEnd) {
    if (over) {
      clientEnd.close();
      return;
    }
    clientEnd.exceptionHandler(e -> LOG.debug("client end of a tunnel", e));
    runnerEnd.exceptionHandler(e -> LOG.debug("runner end of a tunnel", e));
    clientEnd.closeHandler(gone -> close());
    runnerEnd.closeHandler(
        gone -> {
          boolean closedByUs = over;
          close();
          if (closedByUs) {
            clientEnd.close();
          } // Else what the runner said last may not have been passed on: its end ends the client.
        });
    int mask = (int) exchange.loop().options().edge().random().nextLong();
    TunnelEnd client =
        new TunnelEnd(
            clientEnd,
            runnerEnd,
            new WebSocketFrames(true),
            WebSocketFrames.goingAway(true, mask),
            this::moved);
    TunnelEnd runner =
        new TunnelEnd(
            runnerEnd,
            clientEnd,
            new WebSocketFrames(false),
            WebSocketFrames.goingAway(false, 0),
            this::moved);
    fromClient = client;
    fromRunner = runner;
    client.start(this::close);
    runner.start(clientEnd::end);
  }

  private void failed(Throwable cause) {
    LOG.debug("client {} left before the upgrade", exchange.clientAddress(), cause);
    close();
  }
}
