package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out before a start whether the port is free, so that the cause is clear when it is not. */
final class PortCheck {
  static final String IN_USE = "WR-2052";

  private PortCheck() {}

  /**
   * Returns when the port can be listened on.
   *
   * @throws WasmrunnerException WR-2052 when it cannot, naming who holds it where that is known
   */
  static void requireFree(RunnerAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
    } catch (IOException e) {
      String holder = PortHolder.describe(address.port()).map(who -> " by " + who).orElse("");
      throw new WasmrunnerException(
          IN_USE,
          "port " + address.port() + " is in use" + holder,
          "End what uses it, or give the service another port with the key \"url\".",
          e);
    }
  }
}
