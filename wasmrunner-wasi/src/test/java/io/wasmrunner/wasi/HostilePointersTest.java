package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a guest passes, it gets an error number; the host does not fail, and goes on. */
final class HostilePointersTest {
  private static final int END = 131_072;
  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    2,
    3,
    4,
    8,
    16,
    100,
    1024,
    1025,
    END - 1,
    END - 4,
    END - 8,
    END,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_fff0L,
    1L << 32,
    Long.MIN_VALUE
  };

  /** These wait or end the guest, as they should. */
  private static final List<String> LEFT_OUT = List.of("proc_exit", "proc_raise");

  @TempDir private Path folder;

  @Test
  void neverFailTheHost() {
    Module module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
    Random random = new Random(20_261_122);
    try (Puppet guest = Puppet.start(module)) {
      guest.call("sock_open", 1, 2, 1024);
      guest.call("sock_open", 1, 1, 1024);
      guest.call("fd_fdstat_set_flags", 3, 4);
      guest.call("fd_fdstat_set_flags", 4, 4);
      for (String name : WasiFunctions.names(WasiFunctions.MODULE)) {
        for (String signature : WasiFunctions.signatures(WasiFunctions.MODULE, name)) {
          for (int i = 0; i < 60 && !LEFT_OUT.contains(name); i++) {
            long[] args = arguments(random, name, signature.indexOf(':'));
            assertThat(guest.call(name, args)).isNotNull();
          }
        }
      }
      assertThat(guest.call("sched_yield")).isEqualTo(Errno.SUCCESS);
    }
  }

  private static long[] arguments(Random random, String name, int count) {
    long[] args = new long[count];
    for (int i = 0; i < count; i++) {
      args[i] = NUMBERS[random.nextInt(NUMBERS.length)];
    }
    boolean descriptorFirst = name.startsWith("fd_") || name.startsWith("sock_");
    if (descriptorFirst && !name.equals("sock_open") && !name.equals("sock_getaddrinfo")) {
      // not the standard streams, which carry the test's own commands
      args[0] = random.nextInt(8) == 0 ? 77 : 3 + random.nextInt(2);
    }
    if (name.equals("fd_close") || name.equals("fd_renumber")) {
      args[0] = 77;
    }
    if (name.equals("random_get") || (name.endsWith("_get") && !name.startsWith("fd_"))) {
      args[0] = END - 1L - random.nextInt(2); // writes as much as is asked, also over the commands
    }
    if (name.equals("fd_fdstat_set_flags")) {
      args[1] = 4;
    }
    return args;
  }
}
