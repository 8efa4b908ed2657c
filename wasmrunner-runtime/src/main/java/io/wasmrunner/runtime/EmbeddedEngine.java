package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.wasi.DescriptorBudget;
import io.wasmrunner.wasi.Engine;
import io.wasmrunner.wasi.EngineOptions;
import io.wasmrunner.wasi.MemoryBudget;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What the embedded runners of a process share. */
final class EmbeddedEngine {
  static final String BAD_BIND_HOST = "WR-2050";

  private final LauncherContext context;
  private final Engine engine;
  private final MemoryBudget budget;
  private final DescriptorBudget descriptors;
  private final KeptListeners network;

  /** Launchers that use it; guarded by the factory. */
  int users;

  EmbeddedEngine(LauncherContext context) {
    this(context, true);
  }

  /** An engine; one that does not compile runs everything interpreted. */
  EmbeddedEngine(LauncherContext context, boolean compile) {
    EngineOptions usual = EngineOptions.defaults(context.cacheFolder());
    this.context = context;
    this.network = new KeptListeners(bindHost(context.bindHost()));
    this.engine =
        Engine.create(
            new EngineOptions(
                usual.cacheDirectory(), usual.cacheLimitBytes(), usual.compileThreads(), compile));
    this.budget = new MemoryBudget(context.guestMemoryBudgetBytes());
    this.descriptors = GuestDescriptors.budget();
  }

  LauncherContext context() {
    return context;
  }

  Engine engine() {
    return engine;
  }

  MemoryBudget budget() {
    return budget;
  }

  DescriptorBudget descriptors() {
    return descriptors;
  }

  KeptListeners network() {
    return network;
  }

  void close() {
    network.close();
    engine.close();
  }

  private static InetAddress bindHost(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new WasmrunnerException(
          BAD_BIND_HOST,
          "guests cannot listen on " + host + ": no such address",
          "Configure an address of this machine, such as 127.0.0.1.",
          e);
    }
  }
}
