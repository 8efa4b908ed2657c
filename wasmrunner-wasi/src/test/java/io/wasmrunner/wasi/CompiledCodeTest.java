package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled code does what the interpreter does, also after the JVM has optimised it. */
final class CompiledCodeTest {
  /** Prints eight hexadecimal digits. */
  private static final String PRINT =
      """
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00")
      (func $print (param $v i32) (local $i i32)
        (local.set $i (i32.const 8))
        (loop $next
          (local.set $i (i32.sub (local.get $i) (i32.const 1)))
          (i32.store8 (i32.add (i32.const 16) (local.get $i))
            (i32.add (i32.const 65) (i32.and (local.get $v) (i32.const 15))))
          (local.set $v (i32.shr_u (local.get $v) (i32.const 4)))
          (br_if $next (local.get $i)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))
      """;

  @TempDir private Path folder;

  @Test
  void mixesEveryKindOfArithmeticToTheSameResult() {
    List<String> results = new ArrayList<>();
    for (boolean compiled : new boolean[] {false, true}) {
      results.add(output(compiled, PRINT + MIX, "(call $print (call $mix (i32.const 5000)))"));
    }
    assertThat(results.get(0)).hasSize(8).isEqualTo(results.get(1));
  }

  private static final String MIX =
      """
      (func $mix (param $n i32) (result i32) (local $h i64) (local $d f64) (local $f f32)
        (local.set $h (i64.const 0x9e3779b97f4a7c15))
        (loop $next
          (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 13))))
          (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 7))))
          (local.set $h (i64.rotl (local.get $h) (i64.extend_i32_u (local.get $n))))
          (local.set $d (f64.add (local.get $d)
            (f64.sqrt (f64.convert_i64_u (local.get $h)))))
          (local.set $f (f32.demote_f64 (local.get $d)))
          (i64.store offset=1000 (i32.and (i32.wrap_i64 (local.get $h)) (i32.const 0xfff))
            (i64.reinterpret_f64 (local.get $d)))
          (local.set $h (i64.add (local.get $h)
            (i64.div_u (i64.mul (local.get $h) (i64.const 31))
              (i64.or (i64.extend_i32_s (local.get $n)) (i64.const 1)))))
          (local.set $h (i64.xor (local.get $h)
            (i64.rem_s (local.get $h)
              (i64.add (i64.clz (local.get $h)) (i64.const 3)))))
          (local.set $h (i64.add (local.get $h)
            (i64.extend_i32_u (i32.reinterpret_f32 (local.get $f)))))
          (local.set $h (i64.xor (local.get $h) (i64.load offset=1003
            (i32.and (i32.wrap_i64 (i64.popcnt (local.get $h))) (i32.const 0xff)))))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $next (local.get $n)))
        (i32.xor (i32.wrap_i64 (local.get $h))
          (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.const 32)))))
      """;

  /**
   * HotSpot's C2 of JDK 17 got unsigned comparisons next to copies wrong, silently; the engine
   * works around it. Long enough to be compiled by C2.
   */
  @Test
  void unsignedComparisonsAndCopiesSurviveTheOptimiser() {
    String before =
        PRINT
            + """
            (func $round (param $seed i32) (result i32) (local $i i32) (local $c i32)
              (loop $next
                (if (i32.ge_u (i32.mul (local.get $seed) (local.get $i)) (i32.const 0x80000000))
                  (then (local.set $c (i32.add (local.get $c) (i32.const 1)))))
                (i32.store offset=2048 (i32.const 0) (local.get $c))
                (memory.copy (i32.const 4096) (i32.const 2048) (i32.const 4))
                (if (i32.ge_u (i32.load (i32.const 4096)) (local.get $c))
                  (then (local.set $c (i32.add (local.get $c) (i32.const 2)))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))
              (local.get $c))
            """;
    String body =
        """
        (local $r i32) (local $sum i32)
        (loop $next
          (local.set $sum (i32.add
            (i32.mul (local.get $sum) (i32.const 31)) (call $round (local.get $r))))
          (local.set $r (i32.add (local.get $r) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $r) (i32.const 3000))))
        (call $print (local.get $sum))
        """;
    assertThat(output(true, before, body)).isEqualTo(letters(expected()));
  }

  private static int expected() {
    int sum = 0;
    for (int round = 0; round < 3000; round++) {
      int count = 0;
      for (int i = 0; i < 1000; i++) {
        count += round * i < 0 ? 1 : 0;
        count += 2;
      }
      sum = sum * 31 + count;
    }
    return sum;
  }

  private static String letters(int value) {
    StringBuilder letters = new StringBuilder();
    for (int shift = 28; shift >= 0; shift -= 4) {
      letters.append((char) ('A' + ((value >>> shift) & 15)));
    }
    return letters.toString();
  }

  private String output(boolean compiled, String before, String body) {
    Path file = TestingModules.program(folder, before, body);
    try (Engine engine =
        compiled ? TestingGuests.compiler(folder) : TestingGuests.interpreter(folder)) {
      Module module = compiled ? TestingGuests.compiled(engine, file) : engine.load(file);
      ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
      GuestConfig config =
          GuestConfig.builder("compute")
              .stdout(bytes -> output.add(new String(bytes, StandardCharsets.US_ASCII)))
              .build();
      assertThat(TestingGuests.run(module, config)).isEqualTo(new GuestExit.Exited(0));
      return String.join("", output);
    }
  }
}
