package io.wasmrunner.runtime;

import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** A services folder that tests fill. */
final class TestingServices {
  /** The smallest module: magic and version. */
  static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  /** A certificate authority that nobody has the key of. */
  static final String AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBiDCCAS+gAwIBAgIUdQEnHjrKj7I4tdq1c98TVn3RulswCgYIKoZIzj0EAwIw
      GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI1MTkzODI4WhgPMjEy
      NjExMDExOTM4MjhaMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
      zj0CAQYIKoZIzj0DAQcDQgAEZdTxuy2VTFhs894O7Cyv/4RJ22YLc6sMH8ViA/qC
      8mSXtoj6ph3+L5lH0Nka4BDpedjTcUZ563yf7uxZ6OWf5aNTMFEwHQYDVR0OBBYE
      FIueFXHlr58ci+Bs0uMqplAZrVhuMB8GA1UdIwQYMBaAFIueFXHlr58ci+Bs0uMq
      plAZrVhuMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgEFs/2gKJ
      fEeFO0lzO/n6kPeuqZ51EArgZxWB8jeqw1ACICCnF7X8xPjP2a9DmyAZUFOT1uiM
      SdTOaixc4VIJNYJ+
      -----END CERTIFICATE-----""";

  private final Path folder;

  TestingServices(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Adds a service with this service.json and an empty module. */
  TestingServices add(String name, String serviceJson) {
    return file(name + "/config/service.json", serviceJson)
        .file(name + "/" + name + ".wasm", EMPTY_MODULE);
  }

  TestingServices file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TestingServices file(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RuntimeOptions.Builder options(Plugin... plugins) {
    return RuntimeOptions.builder(
        folder, folder.resolveSibling("cache"), PluginCatalog.of(Arrays.asList(plugins)));
  }

  /** A port at which a number of consecutive ones are free. */
  static int freePorts(int count) {
    for (int attempt = 0; attempt < 100; attempt++) {
      // Below the ports that systems give to outgoing connections.
      int first = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      boolean all = true;
      for (int i = 0; all && i < count; i++) {
        all = free(first + i) > 0;
      }
      if (all) {
        return first;
      }
    }
    throw new AssertionError("no free ports");
  }

  private static int free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return -1;
    }
  }
}
