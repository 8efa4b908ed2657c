package io.wasmrunner.wasi;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;

/** Arguments, environment, clocks, randomness and the end of the process. */
final class ProcessFunctions {
  static final int CLOCK_REALTIME = 0;
  static final int CLOCK_MONOTONIC = 1;
  private static final int CLOCK_PROCESS_CPU = 2;
  private static final int CLOCK_THREAD_CPU = 3;

  private static final int RANDOM_BLOCK_BYTES = 8192;

  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction(
              "args_get", "ii:i", (host, a) -> strings(host, host.args(), (int) a[0], (int) a[1])),
          new WasiFunction(
              "args_sizes_get",
              "ii:i",
              (host, a) -> sizes(host, host.args(), (int) a[0], (int) a[1])),
          new WasiFunction(
              "environ_get",
              "ii:i",
              (host, a) -> strings(host, host.environment(), (int) a[0], (int) a[1])),
          new WasiFunction(
              "environ_sizes_get",
              "ii:i",
              (host, a) -> sizes(host, host.environment(), (int) a[0], (int) a[1])),
          new WasiFunction(
              "clock_res_get", "ii:i", (host, a) -> clockResolution(host, (int) a[0], (int) a[1])),
          new WasiFunction(
              "clock_time_get", "iIi:i", (host, a) -> clockTime(host, (int) a[0], (int) a[2])),
          new WasiFunction("random_get", "ii:i", (host, a) -> random(host, (int) a[0], (int) a[1])),
          new WasiFunction("sched_yield", ":i", (host, a) -> Errno.SUCCESS),
          new WasiFunction("proc_raise", "i:i", (host, a) -> raise((int) a[0])),
          new WasiFunction(
              "proc_exit",
              "i:",
              (host, a) -> {
                throw new ProcExitException((int) a[0]);
              }));

  private ProcessFunctions() {}

  private static Errno sizes(WasiHost host, List<byte[]> strings, int countAt, int bytesAt) {
    host.memory().putI32(countAt, strings.size());
    host.memory().putI32(bytesAt, strings.stream().mapToInt(s -> s.length).sum());
    return Errno.SUCCESS;
  }

  private static Errno strings(WasiHost host, List<byte[]> strings, int pointersAt, int bytesAt) {
    int pointer = pointersAt;
    int at = bytesAt;
    for (byte[] string : strings) {
      host.memory().putI32(pointer, at);
      host.memory().putBytes(at, string);
      pointer += 4;
      at += string.length;
    }
    return Errno.SUCCESS;
  }

  private static Errno clockResolution(WasiHost host, int clock, int at) {
    if (clock < CLOCK_REALTIME || clock > CLOCK_THREAD_CPU) {
      return Errno.INVAL;
    }
    host.memory().putI64(at, clock == CLOCK_REALTIME ? 1_000 : 1);
    return Errno.SUCCESS;
  }

  private static Errno clockTime(WasiHost host, int clock, int at) {
    switch (clock) {
      case CLOCK_REALTIME -> host.memory().putI64(at, realtime(host));
      case CLOCK_MONOTONIC -> host.memory().putI64(at, monotonic());
      case CLOCK_PROCESS_CPU, CLOCK_THREAD_CPU ->
          host.memory().putI64(at, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
      default -> {
        return Errno.INVAL;
      }
    }
    return Errno.SUCCESS;
  }

  /** Nanoseconds since 1970. */
  static long realtime(WasiHost host) {
    Instant now = host.config().clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /**
   * Nanoseconds since an hour before the first call: guests take it for the time since the machine
   * started, and subtract timeouts from it.
   */
  static long monotonic() {
    return System.nanoTime() - Origin.NANOS;
  }

  private static final class Origin {
    static final long NANOS = System.nanoTime() - 3_600_000_000_000L;
  }

  private static Errno random(WasiHost host, int at, int length) {
    host.memory().check(at, length);
    byte[] block = new byte[Math.min(length, RANDOM_BLOCK_BYTES)];
    for (int done = 0; done < length; done += block.length) {
      Poller.stopIfInterrupted();
      host.config().random().nextBytes(block);
      host.memory().putBytes(at + done, block, 0, Math.min(block.length, length - done));
    }
    return Errno.SUCCESS;
  }

  /** Signals end the guest as the shell reports them. 0 only asks whether signals exist. */
  private static Errno raise(int signal) {
    if (signal == 0) {
      return Errno.SUCCESS;
    }
    if (signal < 0 || signal > 30) {
      return Errno.INVAL;
    }
    throw new ProcExitException(128 + signal);
  }
}
