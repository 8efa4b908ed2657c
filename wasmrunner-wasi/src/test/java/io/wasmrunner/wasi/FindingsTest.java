package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindingsTest {
  /** Some ten bytecodes each. */
  private static final String LONG = "(global.set $g (i32.add (global.get $g) (i32.const 7)))";

  private static final String GLOBAL = "(global $g (mut i32) (i32.const 0))";

  @TempDir private Path folder;

  @Test
  void aSmallCleanModuleHasNone() {
    assertThat(findings(TestingModules.program(folder, "", "(nop)"))).isEmpty();
  }

  @Test
  void functionsAboveTheLimitOfTheJitAreCountedAndNamed() {
    Path file =
        TestingModules.wat(
            folder,
            "(module "
                + GLOBAL
                + " (func $small "
                + LONG.repeat(10)
                + ") (func $large "
                + LONG.repeat(2000)
                + ") (func (export \"_start\") (call $small) (call $large)))");
    for (int start = 0; start < 2; start++) { // the second time from the cache
      Finding found = findings(file).get(0);
      assertThat(found.kind()).isEqualTo(Finding.Kind.HUGE_FUNCTIONS);
      assertThat(found.count()).isEqualTo(1);
      assertThat(found.places()).singleElement().asString().matches("func\\[1\\] \\(\\d{5}\\)");
    }
  }

  @Test
  void aLoopOnANonEmptyStackInAFunctionThatNeverReturnsIsFound() {
    String stuck = "(i32.const 1) (loop (br_if 0 (i32.eqz (global.get $g)))) (global.set $g)";
    Path inlined = TestingModules.program(folder, GLOBAL, stuck);
    Path calledOnce =
        TestingModules.wat(
            folder,
            "(module "
                + GLOBAL
                + " (func $main "
                + stuck
                + ") (func (export \"_start\") (call $main)))");

    assertThat(findings(inlined))
        .containsExactly(new Finding(Finding.Kind.STUCK_LOOPS, 1, List.of("func[0] (1)")));
    assertThat(findings(calledOnce))
        .containsExactly(new Finding(Finding.Kind.STUCK_LOOPS, 1, List.of("func[0] (1)")));
  }

  @Test
  void loopsThatTheJitCanCompileAreNot() {
    String clean = "(loop (br_if 0 (i32.eqz (global.get $g))))";
    String stuck = "(i32.const 1) " + clean + " (global.set $g)";
    Path calledOften =
        TestingModules.wat(
            folder,
            "(module "
                + GLOBAL
                + " (func $work "
                + stuck
                + ") (func (export \"_start\") (call $work) (call $work)))");

    assertThat(findings(TestingModules.program(folder, GLOBAL, clean))).isEmpty();
    assertThat(findings(calledOften)).isEmpty();
  }

  @Test
  void sectionsOfOthersAreListedAndDoNotChangeTheKeyOfTheCache() throws IOException {
    Path bare = TestingModules.program(folder, "", "(nop)");
    Path grown = folder.resolve("grown.wasm");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Files.readAllBytes(bare));
    int before = bytes.size();
    custom(bytes, "wasm\u0007edge", 3 << 20);
    Files.write(grown, bytes.toByteArray());
    int grownBy = bytes.size() - before;
    try (Engine engine = TestingGuests.compiler(folder)) {
      Module first = TestingGuests.compiled(engine, bare);
      assertThat(first.customSections()).isEmpty();
    }
    try (Engine engine = TestingGuests.compiler(folder)) {
      Module module = TestingGuests.compiled(engine, grown);

      assertThat(engine.compilations()).isZero();
      assertThat(module.customSections()).containsExactly(new CustomSection("wasm?edge", grownBy));
      assertThat(module.findings())
          .containsExactly(
              new Finding(
                  Finding.Kind.CUSTOM_SECTIONS, grownBy, List.of("wasm?edge (" + grownBy + ")")));
      assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(0));
    }
  }

  @Test
  void aCheckKeepsAndWritesNothing() {
    Path file = TestingModules.program(folder, "(memory 3)", "(nop)");
    try (Engine engine = TestingGuests.compiler(folder)) {
      assertThat(engine.check(file)).isEqualTo(3);
      assertThat(engine.compilations()).isZero();
    }
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  private List<Finding> findings(Path file) {
    try (Engine engine = TestingGuests.compiler(folder)) {
      return TestingGuests.compiled(engine, file).findings();
    }
  }

  private static void custom(ByteArrayOutputStream out, String name, int padding) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    out.write(0);
    int size = 1 + text.length + padding;
    for (int rest = size; ; rest >>>= 7) {
      out.write(rest >>> 7 == 0 ? rest : (rest & 0x7f) | 0x80);
      if (rest >>> 7 == 0) {
        break;
      }
    }
    out.write(text.length);
    out.writeBytes(text);
    out.writeBytes(new byte[padding]);
  }
}
