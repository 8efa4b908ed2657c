package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AheadCompilerTest {
  @TempDir private Path folder;

  @Test
  void theSecondCompilerFindsWhatTheFirstOneMade() {
    for (boolean cached : new boolean[] {false, true}) {
      try (AheadCompiler compiler = new AheadCompiler(folder.resolve("cache"))) {
        AheadCompiler.Result result = compiler.compile(TestingRuntime.HELLO);

        assertThat(result.compiled()).isTrue();
        assertThat(result.fromCache()).isEqualTo(cached);
        assertThat(result.sizeBytes()).isEqualTo(TestingRuntime.HELLO.toFile().length());
        assertThat(result.interpreted()).isEmpty();
      }
    }
  }

  @Test
  void aModuleThatCannotRunHereIsRefusedWithItsReason() throws IOException {
    Path component = folder.resolve("component.wasm");
    Files.write(component, new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0});
    try (AheadCompiler compiler = new AheadCompiler(folder.resolve("cache"))) {
      assertThatThrownBy(() -> compiler.compile(component))
          .isInstanceOfSatisfying(
              WasmrunnerException.class, e -> assertThat(e.code()).isEqualTo("WR-6003"));
    }
    assertThatThrownBy(() -> ModuleInspection.of(component)).hasMessageContaining("component");
  }

  @Test
  void anInspectionTellsWhatAModuleNeedsAndWritesNothing() {
    ModuleInspection found = ModuleInspection.of(TestingRuntime.HELLO);

    assertThat(found.entry()).isEqualTo("_start");
    assertThat(found.imports()).anyMatch(name -> name.contains("sock_accept(i32, i32) -> i32"));
    assertThat(found.initialMemoryBytes()).isPositive();
    assertThat(found.maximumMemoryBytes()).isEmpty();
    assertThat(found.compiled()).isTrue();
    assertThat(found.hints()).isEmpty();
  }
}
