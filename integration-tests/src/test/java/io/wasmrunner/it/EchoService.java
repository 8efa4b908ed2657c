package io.wasmrunner.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** {@link EchoServer} as the service {@code echo}: what no guest of ours has. */
final class EchoService {
  private EchoService() {}

  /**
   * Adds it on a free port.
   *
   * @param change changes its service.json
   */
  static void addTo(ServicesFolder services, Consumer<ObjectNode> change) throws IOException {
    ObjectNode echo = (ObjectNode) Http.json("{}");
    echo.put("prefix", "echo").put("url", "http://127.0.0.1:" + ServicesFolder.freePorts(1));
    echo.putObject("launcher")
        .put("name", "command")
        .putArray("command")
        .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .add("-cp")
        .add(
            Wasmrunner.jar()
                + System.getProperty("path.separator")
                + Path.of("target", "test-classes").toAbsolutePath())
        .add(EchoServer.class.getName())
        .add("{port}");
    change.accept(echo);
    services.withConfig("echo", echo);
    // The launcher knows nothing of modules; the folder has to hold one.
    Files.write(
        services.folder().resolve("echo/echo.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
  }
}
