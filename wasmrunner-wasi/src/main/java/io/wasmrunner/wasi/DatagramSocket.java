package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A UDP socket. Datagrams pass through a buffer of ours, which tells when one was cut off. */
final class DatagramSocket extends GuestSocket {
  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private @Nullable DatagramChannel channel;
  private Poller.@Nullable Watch watch;
  private @Nullable ByteBuffer buffer;
  private @Nullable Received peeked;
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
  Received receive(Iovecs vectors, boolean peek, boolean all) throws IOException {
    Received datagram = peeked == null ? next() : peeked;
    ByteBuffer content = java.util.Objects.requireNonNull(buffer).duplicate();
    int n = vectors.put(content);
    peeked = peek ? datagram : null;
    return new Received(n, content.hasRemaining(), datagram.from());
  }

  private Received next() throws IOException {
    DatagramChannel open = opened();
    ByteBuffer space = buffer;
    if (space == null) {
      space = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
      buffer = space;
    }
    while (true) {
      space.clear();
      InetSocketAddress from = (InetSocketAddress) open.receive(space);
      if (from != null) {
        space.flip();
        return new Received(space.remaining(), false, from);
      }
      if (inputEnded) {
        return new Received(space.flip().remaining(), false, null);
      }
      await(READ, settings.receiveTimeoutNanos);
    }
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
    ByteBuffer datagram = ByteBuffer.wrap(vectors.take(MAX_DATAGRAM_BYTES + 1));
    if (datagram.remaining() > MAX_DATAGRAM_BYTES) {
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
