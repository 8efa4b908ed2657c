package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessFunctionsTest {
  private static final int A = 1024;
  private static final int B = 1032;
  private static final int DATA = 2048;
  private static final int MEMORY_END = 131_072;

  @TempDir private static Path folder;
  private static Module module;

  private final List<String> errors = new ArrayList<>();
  private Puppet guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("WR_RUNNER_PORT", "15001");
    env.put("NOMBRE", "señor");
    guest =
        Puppet.start(
            module,
            builder ->
                builder
                    .args(List.of("hello", "--fast"))
                    .env(env)
                    .stderr(bytes -> errors.add(new String(bytes, StandardCharsets.UTF_8)))
                    .clock(Clock.fixed(Instant.ofEpochSecond(5, 67), ZoneOffset.UTC))
                    .random(new Random(1)));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void givesExactlyTheArgumentsAndTheEnvironmentOfTheConfiguration() {
    assertThat(strings("args")).containsExactly("hello", "--fast");
    assertThat(strings("environ")).containsExactly("WR_RUNNER_PORT=15001", "NOMBRE=señor");
  }

  private List<String> strings(String what) {
    assertThat(guest.call(what + "_sizes_get", A, B)).isEqualTo(Errno.SUCCESS);
    int count = guest.i32(A);
    int bytes = guest.i32(B);
    assertThat(guest.call(what + "_get", A, DATA)).isEqualTo(Errno.SUCCESS);
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = guest.i32(A + 4 * i);
      String rest = guest.text(at, DATA + bytes - at);
      strings.add(rest.substring(0, rest.indexOf('\0')));
    }
    return strings;
  }

  @Test
  void readsTheInjectedWallClockAndAMonotonicOne() {
    assertThat(guest.call("clock_time_get", 0, 0, A)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i64(A)).isEqualTo(5_000_000_067L);
    assertThat(guest.call("clock_time_get", 1, 0, A)).isEqualTo(Errno.SUCCESS);
    long first = guest.i64(A);
    assertThat(guest.call("clock_time_get", 1, 0, A)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i64(A)).isGreaterThan(first);
    assertThat(first).isGreaterThan(0);
    assertThat(guest.call("clock_time_get", 2, 0, A)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i64(A)).isGreaterThan(0);
    assertThat(guest.call("clock_time_get", 4, 0, A)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("clock_res_get", 1, A)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i64(A)).isEqualTo(1);
    assertThat(guest.call("clock_res_get", -1, A)).isEqualTo(Errno.INVAL);
  }

  @Test
  void fillsWithRandomBytesExactlyWhatWasAsked() {
    byte[] expected = new byte[8192];
    Random random = new Random(1);
    random.nextBytes(expected);
    assertThat(guest.call("random_get", DATA, 8192 + 5)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.read(DATA, 8192)).isEqualTo(expected);
    assertThat(guest.read(DATA + 8192 + 5, 3)).containsExactly(0, 0, 0);
    assertThat(guest.call("random_get", MEMORY_END - 4, 5)).isEqualTo(Errno.FAULT);
    assertThat(guest.call("random_get", MEMORY_END, 0)).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void writesToStandardErrorFromSeveralBuffers() {
    guest.write(DATA, "ab");
    guest.write(DATA + 10, "cd");
    guest.ints(A, DATA, 2, 0, 0, DATA + 10, 2);
    assertThat(guest.call("fd_write", 2, A, 3, B + 64)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(B + 64)).isEqualTo(4);
    assertThat(String.join("", errors)).isEqualTo("abcd");
    assertThat(guest.call("fd_write", 2, A, 1025, B)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_read", 2, A, 1, B)).isEqualTo(Errno.BADF);
    assertThat(guest.call("fd_write", 9, A, 1, B)).isEqualTo(Errno.BADF);
  }

  @Test
  void aHugeWriteIsTakenInPieces() {
    assertThat(guest.grow(16)).isEqualTo(2);
    guest.ints(A, 0, 1 << 20);
    assertThat(guest.call("fd_write", 2, A, 1, B)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(B)).isEqualTo(64 << 10);
  }

  @Test
  void standardStreamsAreTerminalsToCAndRust() {
    assertThat(guest.call("fd_fdstat_get", 1, DATA)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.read(DATA, 1)).containsExactly(2);
    assertThat(guest.i64(DATA + 8) & 0x24).isZero();
    assertThat(guest.call("fd_seek", 1, 0, 0, DATA)).isEqualTo(Errno.SPIPE);
    assertThat(guest.call("fd_fdstat_set_flags", 1, 32)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_prestat_get", 3, DATA)).isEqualTo(Errno.BADF);
    assertThat(guest.call("sock_recv", 1, A, 1, 0, B, B + 8)).isEqualTo(Errno.NOTSOCK);
  }

  @Test
  void movesADescriptorToAnotherNumber() {
    assertThat(guest.call("sock_open", 1, 2, A)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(A)).isEqualTo(3);
    assertThat(guest.call("fd_renumber", 3, 2)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("fd_fdstat_get", 2, DATA)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.read(DATA, 1)).containsExactly(6);
    assertThat(guest.call("fd_close", 3)).isEqualTo(Errno.BADF);
    assertThat(guest.call("fd_renumber", 2, 3)).isEqualTo(Errno.BADF);
    assertThat(guest.guest().openDescriptors()).isEqualTo(3);
  }

  @Test
  void yieldsAndCountsCalls() {
    assertThat(guest.call("sched_yield")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sched_yield")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.guest().hostCalls()).containsEntry("sched_yield", new HostCallCount(2, 0));
  }

  @Test
  void exitsWithItsCode() {
    guest.begin("proc_exit", 42);
    assertThat(TestingGuests.exit(guest.guest())).isEqualTo(new GuestExit.Exited(42));
  }

  @Test
  void aRaisedSignalEndsItAsAShellReportsIt() {
    assertThat(guest.call("proc_raise", 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("proc_raise", 31)).isEqualTo(Errno.INVAL);
    guest.begin("proc_raise", 6);
    assertThat(TestingGuests.exit(guest.guest())).isEqualTo(new GuestExit.Exited(134));
  }
}
