package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests with a share of a core. */
final class CpuShareTest {
  private static final String YIELD =
      "(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))"
          + "(func $nothing)";
  private static final String LOOP = "(loop $again (br $again))";
  private static final String CALLS = "(loop $again (drop (call $yield)) (br $again))";

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

  private static Guest start(boolean compiled, String body, double share) {
    Path file = TestingModules.program(folder, YIELD, body);
    Module module = compiled ? TestingGuests.compiled(compiler, file) : interpreter.load(file);
    return Guest.start(module, GuestConfig.builder("greedy").cpuShare(share).build());
  }

  @ParameterizedTest
  @CsvSource({
    "false, " + LOOP,
    "true, " + LOOP,
    "false, " + CALLS,
    "true, " + CALLS,
  })
  void aGuestGetsNoMoreThanItsShareWhateverItDoes(boolean compiled, String body) {
    long start = System.nanoTime();
    Guest guest = start(compiled, body, 0.02);
    try {
      await().until(() -> guest.throttled().toMillis() >= 300);
      double used = guest.cpuTime().toNanos();
      double passed = System.nanoTime() - start;
      double burstAndTick = 100e6;
      assertThat(used).isLessThan(passed * 0.02 + burstAndTick);
    } finally {
      guest.stop();
    }
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopDoesNotWaitForAPause(boolean compiled) {
    Guest guest = start(compiled, LOOP, 0.0001); // ten milliseconds too many cost 100 seconds
    await().until(() -> guest.throttled().toMillis() > 50);
    guest.stop();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
    assertThat(guest.throttled()).isLessThan(Duration.ofSeconds(50));
  }

  @Test
  void whoIsMadeToWaitIsNotSilent() {
    Guest guest = start(true, LOOP, 0.0001);
    long start = System.nanoTime();
    await().until(() -> guest.throttled().toMillis() > 300);
    Duration silent = guest.sinceLastHostCall();
    Duration waited = guest.throttled();
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    assertThat(silent.plus(waited)).isLessThan(passed.plusMillis(200));
    guest.stop();
    TestingGuests.exit(guest);
  }

  @Test
  void whatHasItsShareIsNotSlowedDown() {
    Guest guest = start(true, "(call $nothing)", 0.5);
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(0));
    assertThat(guest.throttled()).isZero();
  }

  @Test
  void manyGuestsShareOneTickerWhichEndsWithThem() {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      guests.add(start(true, LOOP, 0.05));
    }
    await().until(() -> guests.stream().allMatch(guest -> guest.throttled().toMillis() > 50));
    assertThat(CpuTicker.SHARED.ticking()).isTrue();
    guests.forEach(Guest::stop);
    guests.forEach(TestingGuests::exit);
    await().until(() -> !CpuTicker.SHARED.ticking());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void sharesAreChecked(double share) {
    assertThatThrownBy(() -> GuestConfig.builder("odd").cpuShare(share).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpuShare");
  }
}
