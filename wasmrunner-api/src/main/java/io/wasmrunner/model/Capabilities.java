package io.wasmrunner.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the runners of a service may reach, beside their own port and the entry point. Nothing else
 * is allowed.
 *
 * @param outbound where they may connect and send to: {@code host}, {@code *.domain}, {@code *}
 *     (any public host), an address or a CIDR range, each with or without {@code :port}
 * @param inbound further ports that they may bind
 * @param preopens folders of the host that they see
 * @param tlsCaFile PEM file of further certificate authorities that their TLS trusts
 */
public record Capabilities(
    List<String> outbound,
    List<Integer> inbound,
    List<PreopenDefinition> preopens,
    Optional<Path> tlsCaFile) {
  /** Copies the lists. */
  public Capabilities {
    outbound = List.copyOf(outbound);
    inbound = List.copyOf(inbound);
    preopens = List.copyOf(preopens);
  }
}
