package io.wasmrunner.runtime;

import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a child JVM is to run. Travels through its standard input, so that no other process sees the
 * guest's environment.
 *
 * @param spec the runner
 * @param cacheFolder folder of the compiled code, shared with others
 * @param bindHost address that replaces 0.0.0.0 when the guest binds
 * @param digest of the module that was checked; the child runs no other
 * @param properties of its JVM that may hold a password, set before anything else happens
 * @param compiled whether to wait for compiled code; else it starts interpreted and compiles
 *     nothing
 */
record GuestOrder(
    RunnerSpec spec,
    String digest,
    Map<String, String> properties,
    Path cacheFolder,
    String bindHost,
    boolean compiled) {
  /** What says whom this JVM trusts, for guests that leave TLS to the host. */
  private static final List<String> TRUST =
      Stream.of("", "Password", "Type", "Provider")
          .map(part -> "javax.net.ssl.trustStore" + part)
          .toList();

  private static final JsonMapper JSON = JsonMapper.builder().build();

  GuestOrder {
    properties = Map.copyOf(properties);
  }

  /** Those of this JVM that its children are to have. */
  static Map<String, String> ownProperties() {
    Map<String, String> properties = new HashMap<>();
    for (String name : TRUST) {
      String value = System.getProperty(name);
      if (value != null) {
        properties.put(name, value);
      }
    }
    return properties;
  }

  /** Without values of properties. */
  @Override
  public String toString() {
    return "GuestOrder[" + spec + ", " + digest + "]";
  }

  byte[] toBytes() {
    return JSON.writeValueAsBytes(this);
  }

  static GuestOrder of(byte[] bytes) {
    return JSON.readValue(bytes, GuestOrder.class);
  }

  /** What the embedded launcher is given there: the guest is alone, so its limit is the budget. */
  LauncherContext context() {
    return new LauncherContext(
        cacheFolder,
        cacheFolder,
        bindHost,
        spec.memoryLimitBytes(),
        Long.MAX_VALUE,
        Clock.systemUTC());
  }
}
