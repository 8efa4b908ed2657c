package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmFunctionHandle;

/**
 * The border between engine and host: every call of a guest into the host passes here, is counted,
 * and comes back as an error number, the guest's end, or a fault of ours.
 */
final class HostCalls {
  /** What serving takes: it touches nothing but the guest's own, so it may run out of stack. */
  private static final Set<String> FREQUENT =
      Set.of(
          "poll_oneoff",
          "epoll_oneoff",
          "sock_recv",
          "sock_recv_v2",
          "sock_recv_from",
          "sock_recv_from_v2",
          "sock_send",
          "sock_send_v2",
          "sock_send_to",
          "sock_send_to_v2",
          "clock_time_get",
          "sched_yield",
          "fd_read",
          "fd_write");

  private final List<ImportCheck.Linked> imports;
  private final CallCounters counters;
  private final GuestThread thread;
  private final long[][] results = new long[Errno.values().length][];

  /** When the last call returned, in running time; written without a fence. */
  private final AtomicLong returned;

  private volatile boolean stopping;

  HostCalls(List<ImportCheck.Linked> imports, GuestThread thread) {
    this.imports = imports;
    this.counters =
        new CallCounters(imports.stream().map(linked -> linked.shown().name()).toList());
    this.thread = thread;
    this.returned = new AtomicLong(thread.runningNanos());
    for (Errno errno : Errno.values()) {
      results[errno.code()] = new long[] {errno.code()};
    }
  }

  ImportValues bind(WasiHost host) {
    ImportValues.Builder values = ImportValues.builder();
    for (int i = 0; i < imports.size(); i++) {
      ImportCheck.Linked linked = imports.get(i);
      values.addFunction(
          new HostFunction(
              linked.shown().module(),
              linked.shown().name(),
              linked.type(),
              new Call(i, linked.function(), host)));
    }
    return values.build();
  }

  /** Every call from now on ends the guest. */
  void stop() {
    stopping = true;
  }

  boolean stopping() {
    return stopping;
  }

  CallCounters counters() {
    return counters;
  }

  /**
   * Nanoseconds since the guest last called or waited in the host, without the time for which it
   * was made to wait; 0 while it is in a call.
   */
  long nanosComputing() {
    return counters.inCall() ? 0 : nanosSinceReturn();
  }

  /**
   * Nanoseconds since the call before the one that is under way returned; 0 outside of a call. The
   * time of the call itself is not taken, as that would cost every call.
   */
  long nanosInCall() {
    return counters.inCall() ? nanosSinceReturn() : 0;
  }

  private long nanosSinceReturn() {
    return Math.max(0, thread.runningNanos() - returned.get());
  }

  /** An import of this guest. */
  final class Call implements WasmFunctionHandle {
    private final int index;
    private final WasiFunction function;
    private final WasiHost host;
    private final boolean frequent;
    private final long[] arguments;

    Call(int index, WasiFunction function, WasiHost host) {
      this.index = index;
      this.function = function;
      this.host = host;
      this.frequent = FREQUENT.contains(function.name());
      this.arguments = new long[function.signature().indexOf(':')];
    }

    /** For {@link HostArguments}: for one call at a time, by the guest's thread. */
    long[] arguments() {
      return arguments;
    }

    @Override
    public long[] apply(Instance instance, long... args) {
      counters.enter(index);
      thread.inHost(true);
      int result = call(args);
      if (stopping) { // also when a sink swallowed the interrupt
        throw new GuestStoppedException();
      }
      thread.inHost(false);
      returned.lazySet(thread.runningNanos());
      counters.leave(index, function.failed(result));
      return result >= 0 && result < results.length ? results[result] : new long[] {result};
    }

    private int call(long[] args) {
      if (!frequent) {
        StackReserve.require();
      }
      try {
        return function.code().call(host, args);
      } catch (ErrnoException e) {
        return function.result(e.errno());
      } catch (GuestStoppedException | ProcExitException e) {
        throw e;
      } catch (IOException e) {
        return function.result(Errno.of(e));
      } catch (OutOfMemoryError e) { // under this guest's call, so it is the one that goes without
        host.memory().refusedByJvm();
        return function.result(Errno.NOMEM);
      } catch (RuntimeException e) {
        return function.result(
            Errno.of(e)
                .orElseThrow(
                    () ->
                        new HostFaultException(function.name() + " failed in the host: " + e, e)));
      }
    }
  }
}
