package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final long IN_CALL = Long.MIN_VALUE;

  private final List<ImportCheck.Linked> imports;
  private final long[] counts;
  private final long[][] results = new long[Errno.values().length][];

  /** When the last call returned, or that one is under way; written without a fence. */
  private final AtomicLong returned = new AtomicLong(System.nanoTime());

  private volatile boolean stopping;
  private long calls;

  HostCalls(List<ImportCheck.Linked> imports) {
    this.imports = imports;
    this.counts = new long[imports.size()];
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

  /** Nanoseconds since the last call returned; 0 while the guest is in one. */
  long nanosSinceLast() {
    long at = returned.get();
    return at == IN_CALL ? 0 : Math.max(0, System.nanoTime() - at);
  }

  /** Calls so far; for the guest's thread. */
  long calls() {
    return calls;
  }

  /** Calls so far by function; from another thread possibly a little old. */
  Map<String, Long> counts() {
    Map<String, Long> byName = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      byName.merge(imports.get(i).shown().name(), counts[i], Long::sum);
    }
    return byName;
  }

  private final class Call implements WasmFunctionHandle {
    private final int index;
    private final WasiFunction.Code code;
    private final String name;
    private final WasiHost host;

    Call(int index, WasiFunction function, WasiHost host) {
      this.index = index;
      this.code = function.code();
      this.name = function.name();
      this.host = host;
    }

    @Override
    public long[] apply(Instance instance, long... args) {
      counts[index]++;
      calls++;
      returned.lazySet(IN_CALL);
      int result = call(args);
      if (stopping) { // also when a sink swallowed the interrupt
        throw new GuestStoppedException();
      }
      returned.lazySet(System.nanoTime());
      return result >= 0 && result < results.length ? results[result] : new long[] {result};
    }

    private int call(long[] args) {
      try {
        return code.call(host, args);
      } catch (ErrnoException e) {
        return e.errno().code();
      } catch (GuestStoppedException | ProcExitException e) {
        throw e;
      } catch (IOException e) {
        return Errno.of(e).code();
      } catch (RuntimeException e) {
        return Errno.of(e)
            .orElseThrow(() -> new HostFaultException(name + " failed in the host: " + e, e))
            .code();
      }
    }
  }
}
