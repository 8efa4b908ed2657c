package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The committed modules are what their sources build. */
@Tag("guests")
final class RebuiltGuestsTest {
  private static final String[] OURS = {
    "hello", "customer_bff", "accounts_business", "orders_adapter", "billing_adapter"
  };

  @TempDir Path folder;

  @Test
  void rebuiltModulesAnswerLikeTheCommittedOnes() throws Exception {
    Path built = Files.createDirectories(folder.resolve("built"));
    build(built);
    ServicesFolder services = ServicesFolder.in(folder).withOurs(OURS);
    for (String name : OURS) {
      Files.copy(
          built.resolve(name + ".wasm"),
          services.folder().resolve(name).resolve(name + ".wasm"),
          StandardCopyOption.REPLACE_EXISTING);
    }

    try (Wasmrunner wasmrunner = Wasmrunner.ready(services)) {
      wasmrunner.awaitCompiled();
      assertThat(Http.get(wasmrunner.url("/hello/hello")).body()).contains("greeting");
      for (String name : OURS) {
        JsonNode contract = Http.json(wasmrunner.url("/__runner__/services/" + name + "/openapi"));
        String prefix = wasmrunner.service(name).at("/definition/prefix").asString();
        for (String path : DocumentedPaths.of(contract)) {
          assertThat(Http.get(wasmrunner.url("/" + prefix + path)).statusCode())
              .as(prefix + path)
              .isLessThan(500);
        }
      }
    }
  }

  private static void build(Path target) throws IOException, InterruptedException {
    File log = target.resolve("build.log").toFile();
    Process process =
        new ProcessBuilder(
                Wasmrunner.root().resolve("scripts/build_wasm_module.sh").toString(),
                "--output",
                target.toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    assertThat(process.waitFor(20, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
  }
}
