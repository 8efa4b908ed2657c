package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/** Options that a guest has set, kept until there is a channel to set them on. */
final class SocketSettings {
  @Nullable Boolean broadcast;
  @Nullable Boolean keepAlive;
  @Nullable Integer sendBuffer;
  @Nullable Integer receiveBuffer;
  @Nullable Integer linger;
  boolean reuseAddress;
  long receiveTimeoutNanos = Poller.FOREVER;
  long sendTimeoutNanos = Poller.FOREVER;

  void apply(NetworkChannel channel) throws IOException {
    set(channel, StandardSocketOptions.SO_BROADCAST, broadcast);
    set(channel, StandardSocketOptions.SO_KEEPALIVE, keepAlive);
    set(channel, StandardSocketOptions.SO_SNDBUF, sendBuffer);
    set(channel, StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    set(channel, StandardSocketOptions.SO_LINGER, linger);
  }

  private static <T> void set(NetworkChannel channel, SocketOption<T> option, @Nullable T value)
      throws IOException {
    if (value != null && channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }
}
