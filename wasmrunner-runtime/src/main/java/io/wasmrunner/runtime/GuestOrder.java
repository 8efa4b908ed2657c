package io.wasmrunner.runtime;

import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Path;
import java.time.Clock;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a child JVM is to run. Travels through its standard input, so that no other process sees the
 * guest's environment.
 *
 * @param spec the runner
 * @param cacheFolder folder of the compiled code, shared with others
 * @param bindHost address that replaces 0.0.0.0 when the guest binds
 * @param compiled whether to wait for compiled code; else it starts interpreted and compiles
 *     nothing
 */
record GuestOrder(RunnerSpec spec, Path cacheFolder, String bindHost, boolean compiled) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

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
