package io.wasmrunner.proxy;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client's connection does not offer by itself. On its event loop only. */
final class ClientChannel {
  private static final Logger LOG = LoggerFactory.getLogger(ClientChannel.class);

  private ClientChannel() {}

  /** Bytes that wait until the client reads. */
  static long unwritten(HttpConnection connection) {
    if (connection instanceof ConnectionBase tcp) {
      ChannelOutboundBuffer waiting = tcp.channel().unsafe().outboundBuffer();
      return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }
    return 0;
  }

  /**
   * Closes now; what is not written yet is dropped. The connection's own close waits until a client
   * that may not read has read.
   */
  static void close(HttpConnection connection) {
    if (connection instanceof ConnectionBase tcp) {
      // From below Vert.x: its handler in the channel would turn this into the connection's close.
      tcp.channelHandlerContext().close().addListener(closed -> LOG.debug("closed {}", tcp));
    } else {
      connection.close();
    }
  }

  /** Breaks the connection: an orderly close would end an HTTP/1.0 answer as if it were whole. */
  static void reset(HttpConnection connection) {
    if (connection instanceof ConnectionBase tcp) {
      tcp.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    close(connection);
  }
}
