package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear memory as guests see it; the semantics in both tiers. */
final class GuestMemoryTest {
  private static final int PAGE = 65_536;
  private static final String EXIT =
      "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))";

  @TempDir private static Path folder;
  private static Engine interpreter;
  private static Engine compiler;

  @BeforeAll
  static void create() {
    interpreter = TestingGuests.interpreter(folder);
    compiler = TestingGuests.compiler(folder);
  }

  @AfterAll
  static void close() {
    interpreter.close();
    compiler.close();
  }

  private static Module module(boolean compiled, String before, String body) {
    Path file = TestingModules.program(folder, before, body);
    return compiled ? TestingGuests.compiled(compiler, file) : interpreter.load(file);
  }

  private static void holds(boolean compiled, String memory, String condition) {
    Module module =
        module(compiled, EXIT + memory, "(if (i32.eqz " + condition + ") (then unreachable))");
    assertThat(TestingGuests.run(module)).as(condition).isEqualTo(new GuestExit.Exited(0));
  }

  private static void traps(boolean compiled, String memory, String body) {
    assertThat(TestingGuests.run(module(compiled, memory, body)))
        .as(body)
        .isInstanceOfSatisfying(
            GuestExit.Trapped.class,
            trap -> assertThat(trap.message()).contains("out of bounds memory access"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyWidthReachesExactlyTheEnd(boolean compiled) {
    String one = "(memory 1)";
    for (String type : new String[] {"i32.load8_u 1", "i32.load16_u 2", "i32.load 4"}) {
      int width = Integer.parseInt(type.substring(type.length() - 1));
      String load = type.substring(0, type.indexOf(' '));
      holds(compiled, one, "(i32.eqz (%s (i32.const %d)))".formatted(load, PAGE - width));
      traps(compiled, one, "(drop (%s (i32.const %d)))".formatted(load, PAGE - width + 1));
    }
    traps(compiled, one, "(drop (i64.load (i32.const 65529)))");
    traps(compiled, one, "(i64.store (i32.const 65529) (i64.const 1))");
    traps(compiled, one, "(f64.store offset=65528 (i32.const 1) (f64.const 1))");
    traps(compiled, one, "(drop (f32.load (i32.const 0x80000000)))");
    traps(compiled, one, "(i32.store16 (i32.const 65535) (i32.const 1))");
    traps(compiled, "(memory 0)", "(drop (i32.load8_u (i32.const 0)))");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesAreLittleEndianAndUnaligned(boolean compiled) {
    String data = "(memory 1) (data (i32.const 1) \"\\01\\02\\03\\84\\05\\06\\07\\88\")";
    holds(compiled, data, "(i32.eq (i32.load (i32.const 1)) (i32.const 0x84030201))");
    holds(compiled, data, "(i64.eq (i64.load (i32.const 1)) (i64.const 0x8807060584030201))");
    holds(compiled, data, "(i32.eq (i32.load16_s (i32.const 3)) (i32.const 0xffff8403))");
    holds(compiled, data, "(i64.eq (i64.load32_u (i32.const 1)) (i64.const 0x84030201))");
    holds(compiled, data, "(i32.eq (i32.load8_s (i32.const 4)) (i32.const -124))");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bulkOperations(boolean compiled) {
    String data = "(memory 1) (data (i32.const 0) \"abcdefgh\")";
    String forward =
        "(block (result i32) (memory.copy (i32.const 2) (i32.const 0) (i32.const 6))"
            + " (i64.eq (i64.load (i32.const 0)) (i64.const 0x6665646362616261)))";
    String backward =
        "(block (result i32) (memory.copy (i32.const 0) (i32.const 2) (i32.const 6))"
            + " (i64.eq (i64.load (i32.const 0)) (i64.const 0x6867686766656463)))";
    holds(compiled, data, forward);
    holds(compiled, data, backward);
    holds(
        compiled,
        data,
        "(block (result i32) (memory.fill (i32.const 10) (i32.const 0x1ff) (i32.const 9001))"
            + " (i32.and (i32.eq (i32.load8_u (i32.const 9010)) (i32.const 255))"
            + " (i32.eqz (i32.load8_u (i32.const 9011)))))");
    traps(compiled, data, "(memory.fill (i32.const 65530) (i32.const 0) (i32.const 7))");
    traps(compiled, data, "(memory.fill (i32.const 1) (i32.const 0) (i32.const -1))");
    traps(compiled, data, "(memory.copy (i32.const 1) (i32.const 0) (i32.const 65536))");
    traps(compiled, data, "(memory.copy (i32.const 65537) (i32.const 0) (i32.const 0))");
    holds(
        compiled,
        data,
        "(block (result i32) (memory.copy (i32.const 65536) (i32.const 65536) (i32.const 0))"
            + " (i32.const 1))");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dataSegmentsAreInitializedAndDropped(boolean compiled) {
    String passive = "(memory 1) (data $p \"xyz\")";
    holds(
        compiled,
        passive,
        "(block (result i32) (memory.init $p (i32.const 4) (i32.const 1) (i32.const 2))"
            + " (i32.eq (i32.load (i32.const 4)) (i32.const 0x7a79)))");
    traps(compiled, passive, "(memory.init $p (i32.const 0) (i32.const 2) (i32.const 2))");
    traps(
        compiled,
        passive,
        "(data.drop $p) (memory.init $p (i32.const 0) (i32.const 0) (i32.const 1))");
    traps(
        compiled,
        "(memory 1) (data $a (i32.const 0) \"a\")",
        "(memory.init $a (i32.const 0) (i32.const 0) (i32.const 1))");
  }

  @Test
  void aSegmentBeyondTheMemoryEndsTheStart() {
    Path file = TestingModules.program(folder, "(memory 1) (data (i32.const 65535) \"ab\")", "");
    GuestExit exit = TestingGuests.run(interpreter.load(file));
    assertThat(exit).isInstanceOf(GuestExit.Trapped.class);
    assertThat(exit.describe()).contains("out of bounds");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void growsZeroedUpToTheLimitAndThenRefuses(boolean compiled) {
    Module module =
        module(
            compiled,
            EXIT + "(memory 3)",
            """
            (i32.store (i32.const 0) (i32.const 77))
            (if (i32.ne (memory.grow (i32.const 16)) (i32.const 3)) (then unreachable))
            (i32.store (i32.const 1245180) (i32.const 5))
            (if (i32.ne (memory.grow (i32.const 16)) (i32.const 19)) (then unreachable))
            (if (i32.ne (memory.grow (i32.const 16)) (i32.const 35)) (then unreachable))
            (if (i32.ne (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
            (if (i32.ne (memory.size) (i32.const 51)) (then unreachable))
            (if (i32.ne (memory.grow (i32.const -1)) (i32.const -1)) (then unreachable))
            (if (i32.ne (memory.grow (i32.const 13)) (i32.const 51)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 0)) (i32.const 77)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 1245180)) (i32.const 5)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 4194300)) (i32.const 0)) (then unreachable))
            """);
    MemoryBudget budget = new MemoryBudget(64L * PAGE);
    Guest guest =
        Guest.start(
            module,
            GuestConfig.builder("grow").memoryLimitBytes(64L * PAGE + 5).budget(budget).build());
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(0));
    assertThat(guest.memoryRefusals()).isEqualTo(2);
    assertThat(guest.memoryLimitBytes()).isEqualTo(64L * PAGE);
    assertThat(guest.memoryBytes()).isZero();
    assertThat(budget.used()).isZero();
  }

  @Test
  void theModulesOwnMaximumHoldsToo() {
    Module module =
        module(
            false,
            "(memory 1 2)",
            "(if (i32.ne (memory.grow (i32.const 2)) (i32.const -1)) (then unreachable))");
    assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dyingOfARefusedGrowthIsToldFromOtherTraps(boolean compiled) {
    Module hungry =
        module(
            compiled,
            "(memory 1)",
            "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))"
                + " unreachable");
    GuestExit exit =
        TestingGuests.run(
            hungry, GuestConfig.builder("hungry").memoryLimitBytes(10L * PAGE).build());
    assertThat(exit)
        .isInstanceOfSatisfying(
            GuestExit.MemoryLimit.class,
            limit -> {
              assertThat(limit.limitBytes()).isEqualTo(10L * PAGE);
              assertThat(limit.detail())
                  .contains("640 KiB", "64 KiB more", "its limit", "unreachable");
            });
    assertThat(exit.kind()).isEqualTo("memory_limit");
  }

  @Test
  void aRefusedGrowthThatTheGuestCopedWithIsNoCause() {
    String yield =
        "(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))"
            + " (memory 1 1)";
    Module coping =
        module(
            false,
            yield,
            "(local $i i32) (drop (memory.grow (i32.const 1)))"
                + " (loop $more (drop (call $yield))"
                + " (local.set $i (i32.add (local.get $i) (i32.const 1)))"
                + " (br_if $more (i32.lt_u (local.get $i) (i32.const 1000)))) unreachable");
    assertThat(TestingGuests.run(coping)).isInstanceOf(GuestExit.Trapped.class);
    Module fine = module(false, "(memory 1 1)", "(drop (memory.grow (i32.const 1)))");
    assertThat(TestingGuests.run(fine)).isEqualTo(new GuestExit.Exited(0));
  }

  @Test
  void aLimitBelowTheInitialMemoryIsRefusedAtTheStart() {
    Module module = module(false, "(memory 20)", "");
    GuestConfig config = GuestConfig.builder("small").memoryLimitBytes(1 << 20).build();
    assertThatThrownBy(() -> Guest.start(module, config))
        .isInstanceOf(ModuleException.class)
        .hasMessageStartingWith("WR-6008")
        .hasMessageContainingAll("1280 KiB", "1024 KiB", "small");
  }

  @Test
  void guestsShareABudget() {
    MemoryBudget budget = new MemoryBudget(12L * PAGE);
    Module waiting =
        module(
            false,
            "(memory 4)",
            "(drop (memory.grow (i32.const 6))) (loop $for_ever (br $for_ever))");
    Guest first = Guest.start(waiting, GuestConfig.builder("first").budget(budget).build());
    await().until(() -> first.memoryBytes() == 10L * PAGE);
    assertThatThrownBy(
            () -> Guest.start(waiting, GuestConfig.builder("second").budget(budget).build()))
        .isInstanceOf(ModuleException.class)
        .hasMessageStartingWith("WR-6009")
        .hasMessageContaining("second");
    first.stop();
    TestingGuests.exit(first);
    assertThat(budget.used()).isZero();
    Guest again = Guest.start(waiting, GuestConfig.builder("again").budget(budget).build());
    Guest refused =
        Guest.start(
            module(
                false,
                "(memory 1)",
                "(if (i32.ne (memory.grow (i32.const 9)) (i32.const -1)) (then unreachable))"),
            GuestConfig.builder("refused").budget(budget).build());
    assertThat(TestingGuests.exit(refused)).isEqualTo(new GuestExit.Exited(0));
    assertThat(refused.memoryRefusals()).isEqualTo(1);
    again.stop();
    TestingGuests.exit(again);
    assertThat(budget.used()).isZero();
  }

  @Test
  void hostCallsFollowTheMemoryWhenItMoves() {
    try (Puppet guest = Puppet.start(interpreter.load(Puppet.module(folder)), builder -> builder)) {
      guest.write(1024, "before");
      assertThat(guest.grow(200)).isEqualTo(2);
      assertThat(guest.text(1024, 6)).isEqualTo("before");
      guest.write(200 * PAGE, "after");
      assertThat(guest.text(200 * PAGE, 5)).isEqualTo("after");
    }
  }

  @Test
  void theBudgetChecksItself() {
    MemoryBudget budget = new MemoryBudget(10);
    assertThat(budget.tryReserve(11)).isFalse();
    assertThat(budget.tryReserve(10)).isTrue();
    assertThat(budget.tryReserve(1)).isFalse();
    assertThat(budget.used()).isEqualTo(budget.limit());
    budget.release(10);
    assertThatThrownBy(() -> budget.release(1)).isInstanceOf(IllegalStateException.class);
  }
}
