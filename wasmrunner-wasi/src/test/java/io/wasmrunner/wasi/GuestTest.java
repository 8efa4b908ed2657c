package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How guests run and end; each test with the interpreter and with compiled code. */
final class GuestTest {
  private static final String EXIT =
      "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))";
  private static final String YIELD =
      "(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))";
  private static final String WRITE =
      "(import \"wasi_snapshot_preview1\" \"fd_write\""
          + " (func $write (param i32 i32 i32 i32) (result i32)))"
          + " (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\01\")";
  private static final String WRITE_ONCE =
      "(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))";

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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void returnsOrExits(boolean compiled) {
    assertThat(TestingGuests.run(module(compiled, "", ""))).isEqualTo(new GuestExit.Exited(0));
    GuestExit exit = TestingGuests.run(module(compiled, EXIT, "(call $exit (i32.const 3))"));
    assertThat(exit).isEqualTo(new GuestExit.Exited(3));
    assertThat(exit.kind()).isEqualTo("exited");
    assertThat(exit.describe()).isEqualTo("exited with code 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unreachable",
        "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
        "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
        "(drop (i32.trunc_f32_s (f32.const nan)))",
        "(drop (i32.load (i32.const 65533)))",
        "(i32.store8 (i32.const -1) (i32.const 0))",
        "(call_indirect (i32.const 5))"
      })
  void trapsAreTrapsInBothTiers(String body) {
    String before = "(memory 1) (table 1 funcref)";
    for (boolean compiled : new boolean[] {false, true}) {
      GuestExit exit = TestingGuests.run(module(compiled, before, body));
      assertThat(exit).as("compiled: %s", compiled).isInstanceOf(GuestExit.Trapped.class);
      assertThat(exit.kind()).isEqualTo("trapped");
      assertThat(exit.describe()).isNotEqualTo("trapped: null");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTrapTellsTheFunctionsThatLedToIt(boolean compiled) {
    GuestExit exit =
        TestingGuests.run(
            module(
                compiled,
                "(func $inner unreachable) (func $middle (call $inner))",
                "(call $middle)"));
    assertThat(exit)
        .isInstanceOfSatisfying(
            GuestExit.Trapped.class,
            trap -> {
              assertThat(trap.message()).contains("unreachable");
              assertThat(trap.backtrace()).containsExactly("func[0]", "func[1]", "func[2]");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEndlessLoopIsStopped(boolean compiled) {
    Guest guest =
        Guest.start(
            module(compiled, "", "(loop $again (br $again))"), GuestConfig.builder("loop").build());
    await().until(() -> guest.cpuTime().compareTo(Duration.ofMillis(30)) > 0);
    assertThat(guest.sinceLastHostCall()).isGreaterThan(Duration.ofMillis(20));
    assertThat(guest.exit().toCompletableFuture()).isNotDone();
    guest.stop();
    guest.stop();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
    assertThat(guest.cpuTime()).isGreaterThan(Duration.ofMillis(30));
    await().until(() -> !guest.thread().isAlive());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoopOfHostCallsIsStoppedAlthoughASinkSwallowsTheInterrupt(boolean compiled) {
    String body = "(loop $again " + WRITE_ONCE + " (br $again))";
    Guest guest =
        Guest.start(
            module(compiled, WRITE, body),
            GuestConfig.builder("loop").stdout(bytes -> Thread.interrupted()).build());
    await().until(() -> guest.hostCalls().get("fd_write").calls() > 100);
    guest.stop();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStackThatOverflowsEndsTheGuestOnly(boolean compiled) {
    Module deep = module(compiled, "(func $deep (call $deep))", "(call $deep)");
    GuestConfig config = GuestConfig.builder("deep").stackBytes(1 << 20).build();
    for (int i = 0; i < 3; i++) {
      GuestExit exit = TestingGuests.run(deep, config);
      assertThat(exit)
          .isInstanceOfSatisfying(
              GuestExit.StackOverflow.class,
              overflow -> assertThat(overflow.backtrace()).startsWith("func[0]", "func[0]"));
      assertThat(exit.describe()).contains("1024 KiB");
    }
    assertThat(TestingGuests.run(module(compiled, EXIT, "(call $exit (i32.const 9))")))
        .isEqualTo(new GuestExit.Exited(9));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargerStackHoldsMoreCalls(boolean compiled) {
    Module recursion =
        module(
            compiled,
            "(func $down (param i32) (if (local.get 0)"
                + " (then (call $down (i32.sub (local.get 0) (i32.const 1))))))",
            "(call $down (i32.const 20000))");
    GuestConfig.Builder config = GuestConfig.builder("deep");
    assertThat(TestingGuests.run(recursion, config.stackBytes(256 << 10).build()))
        .isInstanceOf(GuestExit.StackOverflow.class);
    assertThat(TestingGuests.run(recursion, config.stackBytes(256 << 20).build()))
        .isEqualTo(new GuestExit.Exited(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void guestsOfOneModuleShareNothing(boolean compiled) {
    Module counter =
        module(
            compiled,
            EXIT + " (memory 1) (global $g (mut i32) (i32.const 0))",
            "(global.set $g (i32.add (global.get $g) (i32.const 1)))"
                + " (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))"
                + " (call $exit (i32.add (global.get $g) (i32.load (i32.const 0))))");
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      guests.add(Guest.start(counter, GuestConfig.builder("g" + i).build()));
    }
    assertThat(guests)
        .allSatisfy(
            guest -> assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(2)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tablesGrowForOneGuestOnlyAndNotWithoutEnd(boolean compiled) {
    Module table =
        module(
            compiled,
            "(table $t 1 funcref)",
            "(if (i32.ne (table.size $t) (i32.const 1)) (then unreachable))"
                + "(if (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const 1))"
                + " (then unreachable))"
                + "(if (i32.ne (table.grow $t (ref.null func) (i32.const 1000000))"
                + " (i32.const -1)) (then unreachable))");
    for (int i = 0; i < 3; i++) {
      assertThat(TestingGuests.run(table)).isEqualTo(new GuestExit.Exited(0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyInterruptEndsAGuestThatCallsTheHost(boolean compiled) {
    Guest guest =
        Guest.start(
            module(compiled, YIELD, "(loop $again (drop (call $yield)) (br $again))"),
            GuestConfig.builder("loop").build());
    guest.thread().interrupt();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSinkThatFailsIsAnErrorForTheGuest(boolean compiled) {
    Module writing =
        module(
            compiled,
            EXIT + WRITE,
            "(call $exit (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))");
    GuestConfig config =
        GuestConfig.builder("unheard")
            .stdout(
                bytes -> {
                  throw new IllegalStateException("disk full");
                })
            .build();
    assertThat(TestingGuests.run(writing, config)).isEqualTo(new GuestExit.Exited(Errno.IO.code()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false})
  void runsOnANamedDaemonThread(boolean compiled) {
    Guest guest =
        Guest.start(
            module(compiled, "", "(loop $again (br $again))"),
            GuestConfig.builder("orders-1").build());
    assertThat(guest.thread().getName()).isEqualTo("guest-orders-1");
    assertThat(guest.thread().isDaemon()).isTrue();
    guest.stop();
    TestingGuests.exit(guest);
  }
}
