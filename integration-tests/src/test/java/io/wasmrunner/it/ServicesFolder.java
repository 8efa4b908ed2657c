package io.wasmrunner.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A folder of services made for one test: copies of ours, on free ports. */
final class ServicesFolder {
  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 32_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private static final JsonMapper JSON = new JsonMapper();

  private final Path workingFolder;
  private final Path folder;

  private ServicesFolder(Path workingFolder) throws IOException {
    this.workingFolder = workingFolder;
    this.folder = Files.createDirectories(workingFolder.resolve("services"));
  }

  static ServicesFolder in(Path workingFolder) {
    try {
      return new ServicesFolder(workingFolder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies services of this project on free ports. */
  ServicesFolder withOurs(String... names) {
    for (String name : names) {
      with(Wasmrunner.root().resolve("services").resolve(name), name);
    }
    return this;
  }

  /** Copies a fixture of the integration tests on free ports. */
  ServicesFolder withFixture(String name) {
    return with(Wasmrunner.root().resolve("integration-tests/fixtures").resolve(name), name);
  }

  /** Copies config, contract and module of a service, giving it free ports. */
  ServicesFolder with(Path source, String name) {
    try {
      Path target = Files.createDirectories(folder.resolve(name).resolve("config"));
      Files.copy(source.resolve("config/service.json"), target.resolve("service.json"));
      for (String file : List.of("openapi.json", source.getFileName() + ".wasm")) {
        if (Files.exists(source.resolve(file))) {
          String copy = file.endsWith(".wasm") ? name + ".wasm" : file;
          Files.copy(source.resolve(file), folder.resolve(name).resolve(copy));
        }
      }
      ObjectNode json = config(name);
      json.put("url", "http://127.0.0.1:" + freePorts(json.path("runners").asInt(1)));
      return withConfig(name, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service.json of a service, to change it. */
  ObjectNode config(String name) {
    return (ObjectNode) JSON.readTree(configFile(name));
  }

  ServicesFolder withConfig(String name, ObjectNode json) {
    return withConfigText(name, json.toPrettyString());
  }

  /** A service.json as it stands, right or wrong. */
  ServicesFolder withConfigText(String name, String text) {
    try {
      Path file = configFile(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  Path workingFolder() {
    return workingFolder;
  }

  List<Path> list() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    }
  }

  private Path configFile(String name) {
    return folder.resolve(name).resolve("config/service.json");
  }

  /**
   * First of so many free consecutive ports, none of which is given out again. They are below those
   * that systems give to outgoing connections, which could take them before the runner does.
   */
  static int freePorts(int count) throws IOException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT - count);
      List<Integer> ports = IntStream.range(first, first + count).boxed().toList();
      synchronized (GIVEN) {
        if (Collections.disjoint(GIVEN, ports) && ports.stream().allMatch(ServicesFolder::isFree)) {
          GIVEN.addAll(ports);
          return first;
        }
      }
    }
    throw new IOException("no " + count + " consecutive free ports");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.getLocalPort() == port;
    } catch (IOException taken) {
      return false;
    }
  }
}
