package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The address of the entry point, and what follows from it.
 *
 * @param host as configured
 * @param port as configured; 0 lets the system choose
 * @param wildcard whether it stands for all addresses of the machine
 * @param loopback whether only this machine reaches it
 */
record ListenAddress(String host, int port, boolean wildcard, boolean loopback) {
  static ListenAddress of(Configuration configuration) {
    String host = configuration.text(Setting.HOST);
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isLoopbackAddress() && !configuration.flag(Setting.INSECURE_BIND)) {
        throw new WasmrunnerException(
            "WR-1005",
            "%s can be reached by others (from %s), and there is no login"
                .formatted(host, configuration.value(Setting.HOST).origin()),
            "Listen on 127.0.0.1 behind a proxy that asks for credentials, or accept the risk with"
                + " --insecure-bind.");
      }
      return new ListenAddress(
          host,
          configuration.number(Setting.PORT),
          address.isAnyLocalAddress(),
          address.isLoopbackAddress());
    } catch (UnknownHostException e) {
      throw new WasmrunnerException(
          "WR-1002",
          "the host \"%s\" (from %s) is unknown"
              .formatted(host, configuration.value(Setting.HOST).origin()),
          "Give an address of this machine, such as 127.0.0.1.",
          e);
    }
  }

  /** Host names that a browser may ask for. */
  Set<String> hostNames() {
    Set<String> names = new LinkedHashSet<>();
    names.add("localhost");
    names.add("127.0.0.1");
    names.add("[::1]");
    names.add(host.indexOf(':') >= 0 ? "[" + host + "]" : host);
    return names;
  }

  /** Base URL by which guests on this machine reach the entry point, if it speaks no TLS. */
  String guestBaseUrl(int actualPort) {
    String name = wildcard ? "127.0.0.1" : host;
    return "http://" + (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + actualPort;
  }
}
