package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Breaks a client's connection so that it cannot be taken for a regular end. */
final class ClientReset {
  private static final Logger LOG = LoggerFactory.getLogger(ClientReset.class);

  private ClientReset() {}

  /** Resets the connection: an orderly close would end an HTTP/1.0 answer as if it were whole. */
  static void reset(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection) {
      Channel channel = connection.channel();
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // The channel's own close: the connection's waits until a client that may not read has read.
      channel.close().addListener(closed -> LOG.debug("broke off {}", channel));
    } else {
      request.connection().close();
    }
  }
}
