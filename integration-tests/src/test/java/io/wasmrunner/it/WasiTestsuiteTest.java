package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The Preview 1 cases of WebAssembly/wasi-testsuite (branch prod/testsuite-base has them built),
 * each under {@code wasmrunner run}. The folders are named by {@code -Dwasi.testsuite=}; the cases
 * are not part of this project.
 */
@Tag("wasi-testsuite")
final class WasiTestsuiteTest {
  private static final String PREVIEW_1 = "wasm32-wasip1";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyCase() {
    List<Path> modules =
        Arrays.stream(
                System.getProperty("wasi.testsuite", "").split("[," + File.pathSeparator + "]"))
            .filter(name -> !name.isBlank())
            .flatMap(name -> modules(Path.of(name.strip()).toAbsolutePath()))
            .toList();
    assertThat(modules).as("modules below -Dwasi.testsuite=").isNotEmpty();
    return modules.stream()
        .map(module -> DynamicTest.dynamicTest(name(module), () -> check(module)));
  }

  /** Those of Preview 1: a manifest beside them says what they are built for. */
  private static Stream<Path> modules(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".wasm") && isPreview1(file.getParent()))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isPreview1(Path folder) {
    Path manifest = folder.resolve("manifest.json");
    return !Files.exists(manifest) || json(manifest).path("version").asString().equals(PREVIEW_1);
  }

  private static String name(Path module) {
    String file = module.getFileName().toString();
    return file.substring(0, file.length() - ".wasm".length());
  }

  private void check(Path module) throws IOException {
    Path specification = module.resolveSibling(name(module) + ".json");
    JsonNode wanted = Files.exists(specification) ? json(specification) : JSON.createObjectNode();
    assertThat(wanted.has("operations")).as("operations, which Preview 1 does not use").isFalse();
    Path own = Files.createTempDirectory(folder, name(module));
    List<String> arguments = new ArrayList<>(List.of(module.toString()));
    wanted
        .path("env")
        .properties()
        .forEach(
            e -> arguments.addAll(List.of("--env", e.getKey() + "=" + e.getValue().asString())));
    if (wanted.hasNonNull("root")) {
      Path root = copy(module.resolveSibling(wanted.path("root").asString()), own.resolve("root"));
      arguments.addAll(List.of("--dir", root + "::/"));
    }
    arguments.add("--");
    wanted.path("args").forEach(argument -> arguments.add(argument.asString()));

    ProgramRun run = ProgramRun.of(own, arguments);

    assertThat(run.status())
        .as(run.text() + run.errors())
        .isEqualTo(wanted.path("exit_code").asInt(0));
    for (String stream : List.of("stdout", "stderr")) {
      if (wanted.hasNonNull(stream)) {
        String given = stream.equals("stdout") ? run.text() : run.errors();
        assertThat(given).as(stream).isEqualTo(wanted.path(stream).asString());
      }
    }
  }

  /** The cases write into their folder. */
  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static JsonNode json(Path file) {
    return JSON.readTree(file.toFile());
  }
}
