package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ports and prefixes of the services that there are, read with a quick look, valid or not. */
final class TakenAddresses {
  static final String NO_PORT = "WR-1033";

  private static final int FIRST = 15_000;
  private static final int LAST = 31_990;

  /** Ports from one proposal to the next: room for more runners. */
  private static final int STEP = 10;

  private static final int MOST_RUNNERS = 1_000;
  private static final long LARGEST_FILE_BYTES = 1 << 20;

  private final BitSet ports = new BitSet();
  private final Set<String> prefixes = new HashSet<>();

  private TakenAddresses() {}

  static TakenAddresses in(Path services, int entryPort) {
    TakenAddresses taken = new TakenAddresses();
    taken.ports.set(entryPort);
    if (!Files.isDirectory(services)) {
      return taken;
    }
    JsonMapper json = new JsonMapper();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(services)) {
      for (Path service : found) {
        Path file = service.resolve("config").resolve("service.json");
        if (Files.isRegularFile(file) && Files.size(file) <= LARGEST_FILE_BYTES) {
          taken.read(json, file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new UncheckedIOException(
          e instanceof DirectoryIteratorException wrapped ? wrapped.getCause() : (IOException) e);
    }
    return taken;
  }

  private void read(JsonMapper json, Path file) throws IOException {
    try {
      JsonNode service = json.readTree(Files.readAllBytes(file));
      prefixes.add(service.path("prefix").asString("").replaceAll("^/+|/+$", ""));
      int port = URI.create(service.path("url").asString("")).getPort();
      int runners = Math.max(1, Math.min(MOST_RUNNERS, service.path("runners").asInt(1)));
      if (port > 0) {
        ports.set(port, port + runners);
      }
    } catch (JacksonException | IllegalArgumentException e) {
      // A broken service takes nothing; validate tells about it.
    }
  }

  boolean hasPrefix(String prefix) {
    return prefixes.contains(prefix);
  }

  /**
   * A port with some free ones after it, that nobody listens on either.
   *
   * @throws WasmrunnerException WR-1033 when there is none
   */
  int free() {
    for (int port = FIRST; port <= LAST; port += STEP) {
      int next = ports.nextSetBit(port);
      if ((next < 0 || next >= port + STEP) && isFree(port)) {
        return port;
      }
    }
    throw new WasmrunnerException(
        NO_PORT,
        "there is no free port from %d to %d".formatted(FIRST, LAST),
        "Remove a service, or end what listens there.");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
