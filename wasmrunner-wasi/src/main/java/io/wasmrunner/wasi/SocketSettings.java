package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Options that a guest has set, kept until there is a channel to set them on. */
final class SocketSettings {
  @Nullable Boolean broadcast;
  @Nullable Boolean keepAlive;
  @Nullable Integer sendBuffer;
  @Nullable Integer receiveBuffer;
  @Nullable Integer linger;
  @Nullable Boolean urgentInline;
  boolean reuseAddress;
  long receiveTimeoutNanos = Poller.FOREVER;
  long sendTimeoutNanos = Poller.FOREVER;

  /** What a listener's connections have of it. */
  void inherit(SocketSettings listener) {
    keepAlive = listener.keepAlive;
    sendBuffer = listener.sendBuffer;
    receiveBuffer = listener.receiveBuffer;
    linger = listener.linger;
    urgentInline = listener.urgentInline;
    receiveTimeoutNanos = listener.receiveTimeoutNanos;
    sendTimeoutNanos = listener.sendTimeoutNanos;
  }

  void apply(NetworkChannel channel) throws IOException {
    set(channel, StandardSocketOptions.SO_BROADCAST, broadcast);
    set(channel, StandardSocketOptions.SO_KEEPALIVE, keepAlive);
    set(channel, StandardSocketOptions.SO_SNDBUF, sendBuffer);
    set(channel, StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    set(channel, StandardSocketOptions.SO_LINGER, linger);
    if (urgentInline != null && channel instanceof SocketChannel stream) {
      stream.socket().setOOBInline(urgentInline);
    }
  }

  private static <T> void set(NetworkChannel channel, SocketOption<T> option, @Nullable T value)
      throws IOException {
    if (value != null && channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }
}
