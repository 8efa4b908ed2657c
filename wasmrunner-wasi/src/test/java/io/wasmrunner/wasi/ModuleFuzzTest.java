package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged modules: each is refused with a reason, or loads, and then runs until it ends, traps or
 * is stopped. The compiler gets its share of those that load.
 */
final class ModuleFuzzTest {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int[] LENGTHS = {0, 1, 0x7f, 0x80, 0xff, 0xfd, 0xfb, 0xfc, 0x0b, 0x60};
  private static final int MILLIS_TO_RUN = 5;
  private static final int COMPILED_OF = 16;

  private static final String PROGRAM =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
        (import "rustls_client" "default_config" (func $config (result i32)))
        (type $binary (func (param i32 i32) (result i32)))
        (memory (export "memory") 1 4)
        (table 4 8 funcref)
        (elem (i32.const 0) $add $choose)
        (global $count (mut i32) (i32.const 7))
        (global $wide i64 (i64.const -1))
        (data (i32.const 16) "hello, world\\n")
        (data "passive")
        (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
        (func $choose (type $binary) (local $i i32) (local $x i64) (local $f f64)
          (block $out (loop $again
            (local.set $x (i64.mul (global.get $wide) (i64.extend_i32_u (local.get $i))))
            (local.set $f (f64.sqrt (f64.convert_i64_s (local.get $x))))
            (br_if $out (i32.gt_u (local.get $i) (i32.const 9)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $again)))
          (block $a (block $b (block $c
            (br_table $a $b $c (local.get 0))) (return (i32.const 1))) (return (i32.const 2)))
          (if (result i32) (local.get 1) (then (i32.const 3)) (else (memory.grow (i32.const 1)))))
        (func (export "_start")
          (i32.store (i32.const 0) (i32.const 16))
          (i32.store (i32.const 4) (i32.const 13))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (drop (call $random (i32.const 64) (i32.const 32)))
          (drop (call $config))
          (memory.init 1 (i32.const 100) (i32.const 0) (i32.const 7))
          (memory.fill (i32.const 200) (i32.const 1) (i32.const 9))
          (global.set $count (call_indirect (type $binary) (i32.const 2) (i32.const 1)
            (i32.and (global.get $count) (i32.const 1))))))
      """;

  @TempDir private Path folder;
  private final Map<String, Integer> results = new TreeMap<>();

  @Test
  void noModuleBringsTheHostDown() throws IOException {
    List<byte[]> whole =
        List.of(
            Files.readAllBytes(TestingModules.wat(folder, PROGRAM)),
            Files.readAllBytes(Puppet.module(folder)),
            Files.readAllBytes(Path.of("..", "services", "hello", "hello.wasm")));
    Path file = folder.resolve("case.wasm");
    try (Engine interpreter = TestingGuests.interpreter(folder);
        Engine compiler = TestingGuests.compiler(folder)) {
      FuzzSettings.run(
          5_000,
          (number, random) -> {
            // The small one, of which everything matters, most of the time.
            byte[] original = whole.get(Math.max(0, random.nextInt(20) - 17));
            Files.write(file, damaged(original, random));
            boolean compiled = number % COMPILED_OF == 0;
            String result = load(compiled ? compiler : interpreter, file);
            results.merge(compiled ? "compiler " + result : result, 1, Integer::sum);
          });
    }
    FuzzSettings.report("Results of modules", results);
    assertThat(results).containsKeys("WR-6002", "WR-6005", "WR-6006", "exited", "trapped");
  }

  private static String load(Engine engine, Path file) throws Exception {
    Module module;
    try {
      module = engine.load(file);
    } catch (ModuleException e) {
      assertThat(e.getCause() instanceof VirtualMachineError).as(e.getMessage()).isFalse();
      return e.code();
    }
    module.compiled().toCompletableFuture().get(60, TimeUnit.SECONDS);
    GuestConfig config =
        GuestConfig.builder("fuzz").memoryLimitBytes(4 << 20).stackBytes(512 << 10).build();
    Guest guest;
    try {
      guest = Guest.start(module, config);
    } catch (ModuleException e) {
      return e.code();
    }
    GuestExit exit = end(guest);
    assertThat(exit.kind()).as(exit.describe()).isNotEqualTo("failed");
    return exit.kind();
  }

  private static GuestExit end(Guest guest) throws Exception {
    var exit = guest.exit().toCompletableFuture();
    try {
      return exit.get(MILLIS_TO_RUN, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      guest.stop();
      return exit.get(60, TimeUnit.SECONDS);
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] damaged(byte[] original, Random random) {
    byte[] module = original;
    int damages = random.nextInt(4) == 0 ? 3 : 1;
    for (int i = 0; i < damages; i++) {
      module = damage(module, random);
    }
    return module;
  }

  private static byte[] damage(byte[] module, Random random) {
    if (module.length <= HEADER.length) {
      return module;
    }
    int at = HEADER.length + random.nextInt(module.length - HEADER.length);
    return switch (random.nextInt(24)) {
      case 0 -> Arrays.copyOf(module, random.nextInt(module.length)); // cut off
      case 1 -> replaced(module, at, 0, bytes(random, 1 + random.nextInt(8))); // inserted
      case 2 -> replaced(module, at, 1 + random.nextInt(8), new byte[0]); // left out
      case 3 -> replaced(module, at, 1, new byte[] {-1, -1, -1, -1, 0x0f}); // a huge number
      case 4 -> replaced(module, at, 1, new byte[] {-1, -1, -1, -1, 0x07});
      case 5 -> moved(module, random);
      case 6 -> replaced(HEADER, HEADER.length, 0, bytes(random, random.nextInt(200)));
      case 7 -> replaced(module, at, 1, new byte[] {(byte) LENGTHS[random.nextInt(10)]});
      case 8 -> replaced(module, at, 1, bytes(random, 1));
      default -> altered(module, at, random);
    };
  }

  /** A byte becomes one that looks like it: another operation, index or length of the same kind. */
  private static byte[] altered(byte[] module, int at, Random random) {
    byte[] altered = module.clone();
    int change = random.nextBoolean() ? 1 << random.nextInt(3) : random.nextInt(8);
    altered[at] = (byte) ((altered[at] & 0x80) | ((altered[at] ^ change) & 0x7f));
    return altered;
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] replaced(byte[] module, int at, int length, byte[] by) {
    int rest = Math.min(module.length, at + length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(module, 0, at);
    out.writeBytes(by);
    out.write(module, rest, module.length - rest);
    return out.toByteArray();
  }

  /** Sections in another order, twice, or not at all. */
  private static byte[] moved(byte[] module, Random random) {
    SectionReader reader = new SectionReader(module, HEADER.length);
    List<byte[]> sections = new ArrayList<>();
    while (reader.next()) {
      sections.add(Arrays.copyOfRange(module, reader.head(), reader.end()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER);
    for (int i = 0; i < sections.size(); i++) {
      boolean other = random.nextInt(3) == 0;
      out.writeBytes(sections.get(other ? random.nextInt(sections.size()) : i));
    }
    return out.toByteArray();
  }
}
