package io.wasmrunner.runtime;

import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import io.wasmrunner.wasi.Network;
import io.wasmrunner.wasi.NetworkDeniedException;
import io.wasmrunner.wasi.NioNetwork;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network of one embedded runner: the host's, as far as its rules allow, and its own port from
 * the generation before or for the generation after. A runner that starts beside another listens at
 * an inner address until it has taken over. Tells what the guest uses and what it is refused.
 */
final class RunnerNetwork implements Network {
  /** For a runner that only the host is to reach yet. */
  private static final Network INNER = NioNetwork.loopback();

  private final int port;
  private final KeptListeners kept;
  private final Network host;
  private final NetworkRules rules;
  private final AccessReport report;
  private final PinnedNames pins;
  private volatile boolean beside;
  private volatile boolean handingOver;
  private volatile @Nullable ServerSocketChannel own;
  private volatile @Nullable ServerSocketChannel lent;
  private volatile @Nullable String bindFailure;

  /**
   * A network.
   *
   * @param host what opens the channels and looks names up
   * @param accesses told what the guest does
   */
  RunnerNetwork(
      int port,
      KeptListeners kept,
      Network host,
      NetworkRules rules,
      Clock clock,
      Consumer<Access> accesses) {
    this.port = port;
    this.kept = kept;
    this.host = host;
    this.rules = rules;
    this.report = new AccessReport(accesses);
    this.pins = new PinnedNames(clock);
  }

  /** Its port is another runner's yet: it listens at an inner address. */
  RunnerNetwork beside() {
    beside = true;
    return this;
  }

  /* ---- Taking over ---- */

  /** What it listens on for its own port. */
  Optional<ServerSocketChannel> own() {
    return Optional.ofNullable(own);
  }

  /** This listener is another runner's from now on, and stays open when the guest lets go of it. */
  void lend(ServerSocketChannel listener) {
    lent = listener;
  }

  /** Takes back what was lent: the other one could not use it. */
  void unlend() {
    lent = null;
  }

  /** The guest listens on this one now. */
  void listensOn(ServerSocketChannel listener) {
    own = listener;
  }

  /** Opens the listener of its own port, which nobody else has. */
  ServerSocketChannel open() throws IOException {
    return host.listen(new InetSocketAddress(port));
  }

  /* ---- Before and after ---- */

  /** The listener of the runner's port stays open after the guest. */
  void handOver() {
    handingOver = true;
  }

  /** Why the guest could not listen, if it was refused last. */
  Optional<String> bindFailure() {
    return Optional.ofNullable(bindFailure);
  }

  /* ---- Listening ---- */

  @Override
  public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
    requireBind(requested, false);
    if (requested.getPort() == port) {
      return listenOnOwn(requested);
    }
    return open(requested);
  }

  private ServerSocketChannel listenOnOwn(InetSocketAddress requested) throws IOException {
    ServerSocketChannel listener;
    if (beside && own == null) {
      listener = INNER.listen(new InetSocketAddress(0));
    } else {
      Optional<ServerSocketChannel> before = kept.take(port);
      listener = before.isPresent() ? before.get() : open(requested);
    }
    own = listener;
    return listener;
  }

  private ServerSocketChannel open(InetSocketAddress requested) throws IOException {
    try {
      ServerSocketChannel listener = host.listen(requested);
      bindFailure = null;
      return listener;
    } catch (BindException e) {
      bindFailure = "port " + requested.getPort() + ": " + e.getMessage();
      throw e;
    } catch (NetworkDeniedException e) {
      throw report.denied(Operation.BIND, text(requested), List.of(), message(e));
    }
  }

  @Override
  public void release(ServerSocketChannel listener) throws IOException {
    if (listener == lent) {
      return;
    }
    if (handingOver
        && listener.isOpen()
        && listener.getLocalAddress() instanceof InetSocketAddress local
        && local.getPort() == port) {
      kept.keep(port, listener);
    } else {
      host.release(listener);
    }
  }

  @Override
  public DatagramChannel openDatagram(@Nullable InetSocketAddress local) throws IOException {
    if (local != null) {
      requireBind(local, true);
    }
    try {
      return host.openDatagram(local);
    } catch (NetworkDeniedException e) {
      String target = local == null ? "any" : text(local);
      throw report.denied(Operation.BIND, target, List.of(), message(e));
    }
  }

  /**
   * @param anyPort whether port 0 is no more than an address to send from
   */
  private void requireBind(InetSocketAddress requested, boolean anyPort) throws IOException {
    int wanted = requested.getPort();
    if (wanted == port || (wanted == 0 && anyPort)) {
      return;
    }
    List<String> entries = wanted == 0 ? List.of() : List.of(Integer.toString(wanted));
    if (kept.assigned(wanted)) {
      throw report.denied(
          Operation.BIND, text(requested), List.of(), "the port is another runner's");
    }
    if (rules.restricted() && !rules.isListed(wanted)) {
      throw report.denied(
          Operation.BIND,
          text(requested),
          entries,
          "its own port is " + port + ", and capabilities.inbound does not list this one");
    }
    report.allowed(Operation.BIND, text(requested), entries);
  }

  /* ---- Connecting ---- */

  @Override
  public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
    InetSocketAddress target;
    try {
      target = host.connectTarget(requested);
    } catch (NetworkDeniedException e) {
      throw report.denied(Operation.CONNECT, text(requested), List.of(), message(e));
    }
    Set<String> names = pins.namesOf(target.getAddress());
    OutboundTarget named = new OutboundTarget(target, names);
    if (!rules.mayConnect(target, names)) {
      throw report.denied(
          Operation.CONNECT,
          named.describe(),
          named.entries(),
          "capabilities.outbound does not list it");
    }
    if (report.first(named) && !rules.isEntryPoint(target, names)) {
      report.allowed(Operation.CONNECT, named.describe(), named.entries());
    }
    return target;
  }

  @Override
  public SocketChannel openStream(@Nullable InetSocketAddress local) throws IOException {
    return host.openStream(local);
  }

  @Override
  public InetAddress[] resolve(String name) throws IOException {
    if (AddressRange.literal(name).isPresent()) {
      return host.resolve(name);
    }
    String canonical =
        HostName.canonical(name).orElseThrow(() -> new UnknownHostException("no host name"));
    if (!rules.mayLookUp(canonical)) {
      throw report.denied(
          Operation.RESOLVE,
          canonical,
          List.of(canonical),
          "capabilities.outbound does not list it");
    }
    InetAddress[] addresses = host.resolve(canonical);
    pins.pin(canonical, addresses);
    if (report.first(canonical)) {
      report.allowed(Operation.RESOLVE, canonical, List.of(canonical));
    }
    return addresses;
  }

  private static String text(InetSocketAddress address) {
    return AddressRange.withPort(address.getAddress(), address.getPort());
  }

  private static String message(NetworkDeniedException e) {
    return String.valueOf(e.getMessage());
  }
}
