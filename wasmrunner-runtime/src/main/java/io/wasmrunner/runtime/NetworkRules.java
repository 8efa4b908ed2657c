package io.wasmrunner.runtime;

import io.wasmrunner.model.Capabilities;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a runner may do on the network. Without capabilities everything, except that the ports of
 * other runners are theirs; with, only its own port, the entry point, and what is listed.
 * Immutable.
 */
final class NetworkRules {
  private final boolean restricted;
  private final int ownPort;
  private final Set<Integer> inbound;
  private final List<OutboundEntry> outbound;
  private final Optional<OutboundEntry> entryPoint;

  private NetworkRules(
      int ownPort, Optional<Capabilities> capabilities, Optional<OutboundEntry> entryPoint) {
    this.restricted = capabilities.isPresent();
    this.ownPort = ownPort;
    this.inbound = capabilities.map(block -> Set.copyOf(block.inbound())).orElse(Set.of());
    this.outbound =
        capabilities.stream()
            .flatMap(block -> block.outbound().stream())
            .map(OutboundEntry::parse)
            .toList();
    this.entryPoint = entryPoint;
  }

  /**
   * The rules of a runner.
   *
   * @param ownPort the port that it was assigned
   * @param capabilities what its service may; absent: everything
   * @param runnerBaseUrl where the entry point is; empty or with port 0 when there is none
   */
  static NetworkRules of(int ownPort, Optional<Capabilities> capabilities, String runnerBaseUrl) {
    return new NetworkRules(ownPort, capabilities, entryPoint(runnerBaseUrl));
  }

  boolean restricted() {
    return restricted;
  }

  /** Whether a guest may ask for the addresses of a canonical name. */
  boolean mayLookUp(String name) {
    return !restricted
        || entryPoint.filter(entry -> entry.allowsLookup(name)).isPresent()
        || outbound.stream().anyMatch(entry -> entry.allowsLookup(name));
  }

  /** Whether a guest may connect to an address that it found under these names. */
  boolean mayConnect(InetSocketAddress target, Set<String> names) {
    return !restricted
        || isEntryPoint(target, names)
        || outbound.stream()
            .anyMatch(entry -> entry.allows(target.getAddress(), target.getPort(), names));
  }

  /** Whether a connection leads to the entry point, which needs no entry. */
  boolean isEntryPoint(InetSocketAddress target, Set<String> names) {
    return entryPoint
        .filter(entry -> entry.port() == target.getPort())
        .filter(
            entry ->
                entry
                    .range()
                    .map(range -> range.contains(target.getAddress()))
                    .orElseGet(() -> names.contains(entry.name())))
        .isPresent();
  }

  /** Whether a listener may have this port, which the guest was not assigned. */
  boolean isListed(int port) {
    return inbound.contains(port);
  }

  boolean isOwn(int port) {
    return port == ownPort;
  }

  private static Optional<OutboundEntry> entryPoint(String baseUrl) {
    if (baseUrl.isEmpty()) {
      return Optional.empty();
    }
    URI url = URI.create(baseUrl);
    if (url.getPort() == 0) {
      return Optional.empty(); // nothing listens there
    }
    int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    return Optional.of(OutboundEntry.parse(url.getHost() + ":" + port));
  }
}
