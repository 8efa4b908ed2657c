package io.wasmrunner.proxy;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes both ways after an upgrade to WebSocket. Confined to its event loop. */
final class Tunnel {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

  private final Exchange exchange;
  private final NetSocket runnerEnd;
  private final Runnable moved;
  private final Runnable closed;
  private boolean over;

  private Tunnel(Exchange exchange, NetSocket runnerEnd, Runnable moved, Runnable closed) {
    this.exchange = exchange;
    this.runnerEnd = runnerEnd;
    this.moved = moved;
    this.closed = closed;
  }

  /**
   * Passes the runner's consent on and joins both ends.
   *
   * @param moved runs for each piece
   * @param closed runs once, when either end has closed
   */
  static Tunnel open(
      Exchange exchange,
      HttpClientResponse in,
      LiveUpstream from,
      Runnable moved,
      Runnable closed) {
    NetSocket runnerEnd = in.netSocket();
    runnerEnd.pause();
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
          close();
          clientEnd.close();
        });
    Pump.start(clientEnd, runnerEnd, moved, this::close);
    Pump.start(runnerEnd, clientEnd, moved, clientEnd::end);
  }

  private void failed(Throwable cause) {
    LOG.debug("client {} left before the upgrade", exchange.clientAddress(), cause);
    close();
  }
}
