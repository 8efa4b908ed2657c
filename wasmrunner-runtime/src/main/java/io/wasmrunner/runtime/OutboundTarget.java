package io.wasmrunner.runtime;

import io.wasmrunner.wasi.AddressScope;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a guest connects to.
 *
 * @param address the address
 * @param names canonical names for which the host found it
 */
record OutboundTarget(InetSocketAddress address, Set<String> names) {
  /** The entries of {@code capabilities.outbound} that allow exactly this. */
  List<String> entries() {
    AddressScope scope = AddressScope.of(address.getAddress());
    Set<String> entries = new TreeSet<>();
    boolean named = false;
    for (String name : names) {
      entries.add(name + ":" + address.getPort());
      named |= OutboundEntry.standsFor(name, scope);
    }
    if (!named) {
      entries.add(literal());
    }
    return List.copyOf(entries);
  }

  /** For people. */
  String describe() {
    return names.isEmpty()
        ? literal()
        : String.join(" or ", names) + ":" + address.getPort() + " (" + literal() + ")";
  }

  private String literal() {
    return AddressRange.withPort(address.getAddress(), address.getPort());
  }
}
