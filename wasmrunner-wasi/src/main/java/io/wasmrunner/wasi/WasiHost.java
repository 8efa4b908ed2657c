package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One guest's side of the host: what the functions of {@link WasiFunctions} work on. Knows no
 * engine. Used by the guest's thread alone.
 */
final class WasiHost implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WasiHost.class);

  private final GuestConfig config;
  private final GuestMemory memory;
  private final Iovecs iovecs;
  private final Poller poller;
  private final DescriptorTable descriptors;
  private final GuestSocket.Context sockets;
  private final Executor resolver;
  private final TlsCodecs tls;
  private final List<byte[]> args;
  private final List<byte[]> environment;
  private final Set<String> reported = new HashSet<>();

  WasiHost(GuestConfig config, GuestMemory memory, DescriptorTable descriptors, Executor resolver)
      throws IOException {
    this.config = config;
    this.memory = memory;
    this.descriptors = descriptors;
    this.resolver = resolver;
    this.iovecs = new Iovecs(memory);
    this.poller = new Poller();
    this.tls = new TlsCodecs(config, memory);
    this.sockets =
        new GuestSocket.Context(
            poller, config.network(), config.listener(), descriptors, new DatagramSpace(), memory);
    this.args = config.args().stream().map(WasiHost::encode).toList();
    this.environment =
        config.env().entrySet().stream().map(e -> encode(e.getKey() + "=" + e.getValue())).toList();
    descriptors.add(new StandardInput(config.stdin(), poller));
    descriptors.add(new StandardOutput(config.stdout()));
    descriptors.add(new StandardOutput(config.stderr()));
  }

  private static byte[] encode(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  GuestConfig config() {
    return config;
  }

  GuestMemory memory() {
    return memory;
  }

  Iovecs iovecs() {
    return iovecs;
  }

  Poller poller() {
    return poller;
  }

  DescriptorTable descriptors() {
    return descriptors;
  }

  GuestSocket.Context sockets() {
    return sockets;
  }

  Executor resolver() {
    return resolver;
  }

  TlsCodecs tls() {
    return tls;
  }

  List<byte[]> args() {
    return args;
  }

  List<byte[]> environment() {
    return environment;
  }

  /** Reports a function that is linked but does nothing, once. */
  Errno unsupported(String function) {
    if (reported.add(function)) {
      log.warn(
          "{} called {}, which wasmrunner does not support yet: it gets ENOSYS",
          config.name(),
          function);
      config.listener().unsupported(function);
    }
    return Errno.NOSYS;
  }

  /** Closes everything the guest has open. */
  @Override
  public void close() {
    descriptors.closeAll();
    try {
      poller.close();
    } catch (IOException e) {
      log.warn("The selector of {} did not close", config.name(), e);
    }
  }
}
