package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A UDP socket. Datagrams pass through a buffer of ours, which tells when one was cut off. */
final class DatagramSocket extends GuestSocket {
  private @Nullable DatagramChannel channel;
  private Poller.@Nullable Watch watch;
  private @Nullable ByteBuffer peeked;
  private @Nullable InetSocketAddress sender;
  private boolean truncated;
  private boolean inputEnded;
  private boolean outputEnded;

  DatagramSocket(Context context, int family) {
    super(context, family);
  }

  @Override
  int filetype() {
    return SOCKET_DGRAM;
  }

  @Override
  void bind(InetSocketAddress address) throws IOException {
    if (channel != null) {
      throw Errno.INVAL.exception();
    }
    try {
      open(address);
    } catch (NetworkDeniedException e) {
      throw denied("bind", address, e);
    }
  }

  private DatagramChannel open(@Nullable InetSocketAddress local) throws IOException {
    DatagramChannel opened = context.network().openDatagram(local);
    channel = opened;
    watch = context.poller().register(opened);
    settings.apply(opened);
    return opened;
  }

  private DatagramChannel opened() throws IOException {
    return channel == null ? open(null) : channel;
  }

  @Override
  void connect(InetSocketAddress address) throws IOException {
    InetSocketAddress target = allowed(address);
    DatagramChannel open = opened();
    open.disconnect();
    open.connect(target);
  }

  private InetSocketAddress allowed(InetSocketAddress address) throws IOException {
    try {
      InetSocketAddress target = context.network().connectTarget(address);
      context.listener().connecting(target);
      return target;
    } catch (NetworkDeniedException e) {
      throw denied("send", address, e);
    }
  }

  @Override
  int receive(Iovecs vectors, boolean peek, boolean all) throws IOException {
    ByteBuffer datagram = peeked == null ? next() : peeked;
    if (peek && peeked == null) {
      peeked = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip();
    } else if (!peek) {
      peeked = null;
    }
    ByteBuffer content = datagram.duplicate();
    int n = vectors.put(content);
    truncated = content.hasRemaining();
    return n;
  }

  private ByteBuffer next() throws IOException {
    DatagramChannel open = opened();
    while (true) {
      ByteBuffer space = context.space().cleared();
      sender = (InetSocketAddress) open.receive(space);
      if (sender != null || inputEnded) {
        return space.flip();
      }
      await(READ, settings.receiveTimeoutNanos);
    }
  }

  @Override
  boolean truncated() {
    return truncated;
  }

  @Override
  InetSocketAddress sender() throws IOException {
    return sender == null ? peerAddress() : sender;
  }

  @Override
  int send(Iovecs vectors, @Nullable InetSocketAddress target) throws IOException {
    DatagramChannel open = opened();
    if (outputEnded) {
      throw Errno.PIPE.exception();
    }
    if (target == null && !open.isConnected()) {
      throw Errno.DESTADDRREQ.exception();
    }
    InetSocketAddress to = target == null ? null : allowed(target);
    ByteBuffer datagram = ByteBuffer.wrap(vectors.take(DatagramSpace.MAX_BYTES + 1));
    if (datagram.remaining() > DatagramSpace.MAX_BYTES) {
      throw Errno.MSGSIZE.exception();
    }
    int length = datagram.remaining();
    while (true) {
      int sent = to == null ? open.write(datagram) : open.send(datagram, to);
      if (sent > 0 || length == 0) {
        return sent;
      }
      await(WRITE, settings.sendTimeoutNanos);
    }
  }

  private void await(int op, long timeoutNanos) {
    if (!blocking()
        || !context.poller().await(java.util.Objects.requireNonNull(watch), op, timeoutNanos)) {
      throw Errno.AGAIN.exception();
    }
  }

  @Override
  void shutdown(boolean input, boolean output) {
    if (channel == null || !channel.isConnected()) {
      throw Errno.NOTCONN.exception();
    }
    inputEnded |= input;
    outputEnded |= output;
  }

  @Override
  boolean readyAtOnce(int op) {
    return op == READ ? inputEnded || peeked != null : outputEnded;
  }

  @Override
  void arm(int op) {
    if (watch != null) {
      context.poller().want(watch, op);
    }
  }

  @Override
  boolean ready(int op) {
    return readyAtOnce(op) || (watch == null ? op == WRITE : (watch.ready() & op) != 0);
  }

  @Override
  InetSocketAddress localAddress() throws IOException {
    InetSocketAddress local =
        channel == null ? null : (InetSocketAddress) channel.getLocalAddress();
    return local == null ? any() : local;
  }

  @Override
  InetSocketAddress peerAddress() throws IOException {
    if (channel == null || !channel.isConnected()) {
      throw Errno.NOTCONN.exception();
    }
    return (InetSocketAddress) channel.getRemoteAddress();
  }

  @Override
  void applySettings() throws IOException {
    if (channel != null) {
      settings.apply(channel);
    }
  }

  @Override
  void close() throws IOException {
    if (channel != null) {
      channel.close();
      context.poller().flush();
    }
  }
}
