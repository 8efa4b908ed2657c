package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** Finds out before a start whether the port is free, so that the cause is clear when it is not. */
final class PortCheck {
  static final String IN_USE = "WR-2052";
  static final String NOT_ALLOWED = "WR-2056";

  private PortCheck() {}

  /**
   * Returns when the port can be listened on.
   *
   * @throws WasmrunnerException WR-2052 when another program has it, naming that where known;
   *     WR-2056 when listening there fails for another reason
   */
  static void requireFree(RunnerAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      String holder = PortHolder.describe(address.port()).map(who -> " by " + who).orElse("");
      if (holder.isEmpty() && !reason.toLowerCase(Locale.ROOT).contains("in use")) {
        throw new WasmrunnerException(
            NOT_ALLOWED,
            "listening on " + address + " is not possible: " + reason,
            "Use a port above 1023 in the key \"url\", unless the reason says otherwise.",
            e);
      }
      throw new WasmrunnerException(
          IN_USE,
          "port " + address.port() + " is in use" + holder,
          "End what uses it, or give the service another port with the key \"url\".",
          e);
    }
  }
}
