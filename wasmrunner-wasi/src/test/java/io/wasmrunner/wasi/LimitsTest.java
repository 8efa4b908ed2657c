package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a guest cannot have: it is refused, counted, and the cause of its end when it dies of it.
 */
final class LimitsTest {
  private static final String EXIT =
      "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))";
  private static final String OPEN =
      "(import \"wasi_snapshot_preview1\" \"sock_open\""
          + " (func $open (param i32 i32 i32) (result i32)))"
          + " (memory (export \"memory\") 1)";
  private static final String WRITE =
      "(import \"wasi_snapshot_preview1\" \"fd_write\""
          + " (func $write (param i32 i32 i32 i32) (result i32)))"
          + " (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\01\")";
  private static final String WRITE_ONCE =
      "(call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))";

  /** Opens sockets until that fails, then exits with the number of sockets when the error is 33. */
  private static final String OPEN_ALL =
      """
      (local $count i32) (local $error i32)
      (loop $more
        (local.set $error (call $open (i32.const 1) (i32.const 2) (i32.const 16)))
        (if (i32.eqz (local.get $error))
          (then (local.set $count (i32.add (local.get $count) (i32.const 1))) (br $more))))
      (if (i32.ne (local.get $error) (i32.const 33)) (then unreachable))
      """;

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

  @Test
  void aGuestMayHaveExactly1024DescriptorsUnlessConfiguredOtherwise() {
    Module module = module(true, EXIT + OPEN, OPEN_ALL + "(call $exit (local.get $count))");
    GuestExit exit = TestingGuests.run(module);
    assertThat(exit.kind()).isEqualTo("descriptor_limit");
    assertThat(exit.describe())
        .isEqualTo(
            "ran out of descriptors: it wanted more than the 1024 descriptors that it may have"
                + " open; then it exited with code 1021");
    assertThat(exit)
        .isInstanceOfSatisfying(
            GuestExit.DescriptorLimit.class,
            limit -> assertThat(limit.then()).isEqualTo(new GuestExit.Exited(1021)));
    GuestConfig five = GuestConfig.builder("five").maxDescriptors(5).build();
    assertThat(TestingGuests.run(module, five).describe()).endsWith("exited with code 2");
  }

  @Test
  void aRefusedDescriptorIsCountedAndNoCauseWhenTheGuestLivesOn() {
    String endless = "(drop (call $open (i32.const 1) (i32.const 2) (i32.const 16)))";
    Module module = module(true, EXIT + OPEN, OPEN_ALL + endless + "(loop $ever (br $ever))");
    Guest guest = Guest.start(module, GuestConfig.builder("g").maxDescriptors(10).build());
    await().until(() -> guest.descriptorRefusals() == 2);
    assertThat(guest.openDescriptors()).isEqualTo(10);
    guest.stop();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
  }

  @Test
  void allGuestsTogetherHaveABudgetOfDescriptors() {
    DescriptorBudget budget = new DescriptorBudget(5);
    String untilRefused = OPEN_ALL.replace("33", "41");
    Module module = module(true, EXIT + OPEN, untilRefused + "(loop $ever (br $ever))");
    Guest first =
        Guest.start(module, GuestConfig.builder("first").descriptorBudget(budget).build());
    await().until(() -> first.descriptorRefusals() == 1);
    assertThat(budget.used()).isEqualTo(5);
    GuestExit second =
        TestingGuests.run(
            module(true, EXIT + OPEN, untilRefused + "(call $exit (i32.const 9))"),
            GuestConfig.builder("second").descriptorBudget(budget).build());
    assertThat(second.describe())
        .contains("all guests together have 5 descriptors open")
        .endsWith("exited with code 9");
    first.stop();
    TestingGuests.exit(first);
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStackThatOverflowsInTheHostLeaksNothingThatIsShared(boolean compiled) {
    MemoryBudget memory = new MemoryBudget(1L << 30);
    DescriptorBudget descriptors = new DescriptorBudget(10_000);
    String deeper =
        "(func $deeper (param $at i32)"
            + " (if (i32.gt_u (local.get $at) (i32.const %d)) (then"
            + " (drop (call $open (i32.const 1) (i32.const 2) (i32.const 16)))"
            + " (drop (memory.grow (i32.const 1)))))"
            + " (call $deeper (i32.add (local.get $at) (i32.const 1))))";
    for (int shallow : new int[] {0, 200, 400, 800}) {
      Module module =
          module(compiled, OPEN + deeper.formatted(shallow), "(call $deeper (i32.const 0))");
      GuestConfig config =
          GuestConfig.builder("deep")
              .stackBytes(512 << 10)
              .budget(memory)
              .descriptorBudget(descriptors)
              .maxDescriptors(5_000)
              .build();
      assertThat(TestingGuests.run(module, config)).isInstanceOf(GuestExit.StackOverflow.class);
      assertThat(memory.used()).isZero();
      assertThat(descriptors.used()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHostCallThatFindsNoHeapIsARefusedGrowth(boolean compiled) {
    AtomicBoolean full = new AtomicBoolean(true);
    GuestConfig config =
        GuestConfig.builder("unlucky")
            .stdout(
                bytes -> {
                  if (full.getAndSet(false)) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                })
            .build();
    String enomem = "(if (i32.ne " + WRITE_ONCE + " (i32.const 48)) (then unreachable))";
    String then = "(if " + WRITE_ONCE + " (then unreachable))";
    Module copes = module(compiled, WRITE, enomem + then);
    Guest guest = Guest.start(copes, config);
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(0));
    assertThat(guest.memoryRefusals()).isOne();
    full.set(true);
    GuestExit dies = TestingGuests.run(module(compiled, WRITE, enomem + "unreachable"), config);
    assertThat(dies.kind()).isEqualTo("memory_limit");
    assertThat(dies.describe()).contains("-Xmx").contains("then it trapped");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsOfInterpretedFunctionsTakeBoundedHeap(boolean tooLargeToCompile) {
    String locals = "(local " + "i64 ".repeat(10_000) + ")";
    String filling = "(drop (i64.rotl (i64.const 81985529216486895) (i64.const 1)))".repeat(8_000);
    String body = tooLargeToCompile ? "(if (i32.eqz (i32.const 1)) (then " + filling + "))" : "";
    Module deep =
        module(
            tooLargeToCompile,
            "(func $deep %s %s (call $deep))".formatted(locals, body),
            "(call $deep)");
    assertThat(deep.interpretedFunctions()).hasSize(tooLargeToCompile ? 1 : 0);
    GuestConfig config = GuestConfig.builder("deep").stackBytes(256 << 20).build();
    GuestExit exit = TestingGuests.run(deep, config);
    assertThat(exit.kind()).as(exit.describe()).isEqualTo("stack_overflow");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allTablesTogetherAreBounded(boolean compiled) {
    String grow = "(i32.eq (table.grow $%s (ref.null func) (i32.const %d)) (i32.const -1))";
    Module module =
        module(
            compiled,
            "(table $a 1 funcref) (table $b 1 funcref)",
            "(if "
                + grow.formatted("a", 200_000)
                + " (then unreachable))"
                + "(if (i32.eqz "
                + grow.formatted("b", 62_143)
                + ") (then unreachable))"
                + "(if "
                + grow.formatted("b", 62_142)
                + " (then unreachable))"
                + "(if (i32.eqz "
                + grow.formatted("a", 1)
                + ") (then unreachable))"
                + "(if (i32.eqz "
                + grow.formatted("a", -1)
                + ") (then unreachable))");
    Guest guest = Guest.start(module, GuestConfig.builder("tables").build());
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(0));
    assertThat(guest.memoryRefusals()).isEqualTo(3);
  }
}
