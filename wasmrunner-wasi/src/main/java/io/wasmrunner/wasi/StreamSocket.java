package io.wasmrunner.wasi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A TCP socket: a listener or a connection, which NIO has two kinds of channels for. */
final class StreamSocket extends GuestSocket {
  private enum State {
    FRESH,
    BOUND,
    LISTENING,
    CONNECTING,
    CONNECTED,
    FAILED
  }

  private State state = State.FRESH;
  private @Nullable ServerSocketChannel server;
  private @Nullable Connection connection;
  private Poller.@Nullable Watch watch;

  StreamSocket(Context context, int family) {
    super(context, family);
  }

  private StreamSocket(Context context, int family, SocketChannel accepted) {
    super(context, family);
    watch = context.poller().register(accepted);
    connection = new Connection(accepted, context, watch);
    state = State.CONNECTED;
  }

  @Override
  int filetype() {
    return SOCKET_STREAM;
  }

  @Override
  void bind(InetSocketAddress address) throws IOException {
    if (state != State.FRESH) {
      throw Errno.INVAL.exception();
    }
    try {
      ServerSocketChannel channel = context.network().listen(address);
      server = channel;
      watch = context.poller().register(channel);
      state = State.BOUND;
    } catch (NetworkDeniedException e) {
      throw denied("bind", address, e);
    }
  }

  @Override
  void listen() throws IOException {
    if (state == State.FRESH) {
      bind(any());
    }
    if (state == State.BOUND) {
      state = State.LISTENING;
      context.listener().listening(localAddress());
    }
    if (state != State.LISTENING) {
      throw Errno.INVAL.exception();
    }
  }

  /**
   * Listens on another channel from now on, which is bound and non-blocking; the present one is
   * only let go of, not closed.
   */
  void swap(ServerSocketChannel next) {
    Poller.Watch swapped = context.poller().register(next);
    if (watch != null) {
      watch.cancel();
    }
    server = next;
    watch = swapped;
    context.poller().flush();
  }

  /** Whether it is bound to this channel. */
  boolean bound(ServerSocketChannel channel) {
    return server == channel;
  }

  @Override
  boolean accepting() {
    return state == State.LISTENING;
  }

  @Override
  GuestSocket accept() throws IOException {
    if (state != State.LISTENING || server == null || watch == null) {
      throw Errno.INVAL.exception();
    }
    while (true) {
      SocketChannel accepted = server.accept();
      if (accepted != null) {
        return accepted(accepted);
      }
      if (!blocking()
          || !context.poller().await(watch, SelectionKey.OP_ACCEPT, settings.receiveTimeoutNanos)) {
        throw Errno.AGAIN.exception();
      }
    }
  }

  private GuestSocket accepted(SocketChannel channel) throws IOException {
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      StreamSocket accepted = new StreamSocket(context, family, channel);
      accepted.settings.inherit(settings);
      accepted.applySettings();
      return accepted;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  void connect(InetSocketAddress address) throws IOException {
    switch (state) {
      case CONNECTED -> throw Errno.ISCONN.exception();
      case CONNECTING -> throw Errno.ALREADY.exception();
      case LISTENING -> throw Errno.INVAL.exception();
      default -> {}
    }
    InetSocketAddress local = server == null ? null : localAddress();
    releaseServer();
    takeError();
    state = State.FRESH;
    open(address, local);
    if (state == State.CONNECTING) {
      if (!blocking()) {
        throw Errno.INPROGRESS.exception();
      }
      awaitConnection();
    }
  }

  private void open(InetSocketAddress address, @Nullable InetSocketAddress local)
      throws IOException {
    InetSocketAddress target;
    try {
      target = context.network().connectTarget(address);
    } catch (NetworkDeniedException e) {
      throw denied("connect", address, e);
    }
    context.listener().connecting(target);
    SocketChannel channel = context.network().openStream(local);
    try {
      settings.apply(channel);
      boolean connected = channel.connect(target);
      watch = context.poller().register(channel);
      connection = new Connection(channel, context, watch);
      state = connected ? State.CONNECTED : State.CONNECTING;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void awaitConnection() {
    Poller.Watch connecting = requireNonNull(watch);
    while (state == State.CONNECTING) {
      if (!context.poller().await(connecting, SelectionKey.OP_CONNECT, settings.sendTimeoutNanos)) {
        throw Errno.INPROGRESS.exception();
      }
      finishConnect();
    }
    if (state == State.FAILED) {
      throw takeError().exception();
    }
  }

  private void finishConnect() {
    SocketChannel channel = requireNonNull(connection).channel();
    try {
      if (!channel.finishConnect()) {
        return;
      }
      state = State.CONNECTED;
      requireNonNull(watch).disarm(SelectionKey.OP_CONNECT);
    } catch (IOException e) { // which has closed the channel
      fail(Errno.of(e));
      state = State.FAILED;
      watch = null;
      connection = null;
    }
  }

  private Connection connection() {
    if (state == State.CONNECTED && connection != null) {
      return connection;
    }
    if (state == State.CONNECTING) {
      throw Errno.AGAIN.exception();
    }
    if (failed()) {
      throw takeError().exception();
    }
    throw Errno.NOTCONN.exception();
  }

  @Override
  int receive(Iovecs vectors, boolean peek, boolean all) throws IOException {
    Connection open = connection();
    long timeout = blocking() ? settings.receiveTimeoutNanos : 0;
    return peek ? open.peek(vectors, timeout) : open.read(vectors, timeout, all);
  }

  @Override
  int send(Iovecs vectors, @Nullable InetSocketAddress target) throws IOException {
    return connection().write(vectors, blocking() ? settings.sendTimeoutNanos : 0);
  }

  @Override
  void shutdown(boolean input, boolean output) throws IOException {
    if (state != State.CONNECTED || connection == null) {
      throw Errno.NOTCONN.exception();
    }
    connection.shutdown(input, output);
  }

  @Override
  boolean readyAtOnce(int op) {
    return switch (state) {
      case CONNECTED -> connection != null && connection.readyAtOnce(op);
      case LISTENING, CONNECTING -> false;
      case FRESH, BOUND, FAILED -> true; // with the error or hang-up that POSIX reports
    };
  }

  @Override
  void arm(int op) {
    if (watch == null) {
      return;
    }
    switch (state) {
      case CONNECTED -> context.poller().want(watch, op);
      case CONNECTING -> context.poller().want(watch, SelectionKey.OP_CONNECT);
      case LISTENING -> {
        if (op == READ) { // a listener has no other event, and NIO refuses to ask for one
          context.poller().want(watch, SelectionKey.OP_ACCEPT);
        }
      }
      default -> {}
    }
  }

  @Override
  boolean ready(int op) {
    if (watch == null) {
      return readyAtOnce(op);
    }
    int ready = watch.ready();
    if (state == State.CONNECTING && (ready & SelectionKey.OP_CONNECT) != 0) {
      finishConnect();
      return state == State.FAILED || (state == State.CONNECTED && op == WRITE);
    }
    return switch (state) {
      case LISTENING -> op == READ && (ready & SelectionKey.OP_ACCEPT) != 0;
      case CONNECTED -> connection != null && connection.ready(op, ready);
      default -> readyAtOnce(op);
    };
  }

  @Override
  boolean hungUp() {
    return switch (state) {
      case FRESH, BOUND, FAILED -> true;
      case LISTENING, CONNECTING -> false;
      case CONNECTED -> connection != null && connection.hungUp();
    };
  }

  @Override
  InetSocketAddress localAddress() throws IOException {
    if (server != null) {
      return (InetSocketAddress) server.getLocalAddress();
    }
    if (connection != null) {
      return (InetSocketAddress) connection.channel().getLocalAddress();
    }
    return any();
  }

  @Override
  InetSocketAddress peerAddress() throws IOException {
    if (state != State.CONNECTED || connection == null) {
      throw Errno.NOTCONN.exception();
    }
    return (InetSocketAddress) connection.channel().getRemoteAddress();
  }

  @Override
  void applySettings() throws IOException {
    if (connection != null) {
      settings.apply(connection.channel());
    } else if (server != null) {
      settings.apply(server);
    }
  }

  private void releaseServer() throws IOException {
    if (server != null) {
      ServerSocketChannel released = server;
      server = null;
      if (watch != null) {
        watch.cancel();
        watch = null;
      }
      context.poller().flush(); // out of our selector: to be closed at once, or for another guest
      context.network().release(released);
    }
  }

  @Override
  void close() throws IOException {
    State was = state;
    state = State.FRESH;
    if (connection != null && was != State.FAILED) {
      connection.close();
    }
    releaseServer();
  }
}
