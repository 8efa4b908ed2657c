package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first success, to the letter: hello on its own ports behind 14000. */
@Tag("fixed-ports")
final class FixedPortsTest {
  @TempDir Path folder;

  @Test
  void theSeedExampleAnswersFromAlternatingRunners() throws IOException {
    Path ours = Wasmrunner.root().resolve("services/hello");
    Path copy = Files.createDirectories(folder.resolve("services/hello/config")).getParent();
    Files.copy(ours.resolve("config/service.json"), copy.resolve("config/service.json"));
    Files.copy(ours.resolve("openapi.json"), copy.resolve("openapi.json"));
    Files.copy(ours.resolve("hello.wasm"), copy.resolve("hello.wasm"));

    try (Wasmrunner wasmrunner = Wasmrunner.start(folder)) {
      wasmrunner.awaitReady();
      assertThat(wasmrunner.entryPoint()).isEqualTo(URI.create("http://127.0.0.1:14000"));
      wasmrunner.awaitCompiled();
      URI hello = URI.create("http://127.0.0.1:14000/hello/hello");

      assertThat(
              IntStream.range(0, 4)
                  .mapToObj(i -> Http.json(hello).findValue("runner").asInt())
                  .toList())
          .isIn(java.util.List.of(0, 1, 0, 1), java.util.List.of(1, 0, 1, 0));
      assertThat(Http.get(URI.create("http://127.0.0.1:15001/health")).body()).contains("ok");
      assertThat(Http.get(URI.create("http://127.0.0.1:15002/health")).body()).contains("ok");
    }
  }
}
