package io.wasmrunner.runtime;

import io.wasmrunner.wasi.Network;
import io.wasmrunner.wasi.NioNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host's network with a name service of the test's own. */
final class TestingNetwork implements Network {
  private final NioNetwork host = NioNetwork.loopback();
  private final Map<String, InetAddress[]> names = new HashMap<>();
  final List<String> lookups = new ArrayList<>();

  TestingNetwork name(String name, String... addresses) {
    InetAddress[] found = new InetAddress[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      found[i] = AddressRange.literal(addresses[i]).orElseThrow();
    }
    names.put(name, found);
    return this;
  }

  @Override
  public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
    return host.listen(requested);
  }

  @Override
  public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
    return host.connectTarget(requested);
  }

  @Override
  public SocketChannel openStream(@Nullable InetSocketAddress local) throws IOException {
    return host.openStream(local);
  }

  @Override
  public DatagramChannel openDatagram(@Nullable InetSocketAddress local) throws IOException {
    return host.openDatagram(local);
  }

  @Override
  public InetAddress[] resolve(String name) throws IOException {
    lookups.add(name);
    InetAddress[] found = names.get(name);
    if (found == null) {
      throw new UnknownHostException(name);
    }
    return found.clone();
  }
}
