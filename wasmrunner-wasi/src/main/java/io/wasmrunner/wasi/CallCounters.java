package io.wasmrunner.wasi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a guest calls of the host: written by the guest's thread with plain stores, which cost next
 * to nothing, and read by others, possibly a little late.
 */
final class CallCounters {
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle CURRENT;

  static {
    try {
      CURRENT = MethodHandles.lookup().findVarHandle(CallCounters.class, "current", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final List<String> names;
  private final long[] calls;
  private final long[] errors;
  private long total;

  /** Index of the import whose call is under way; its complement once that has returned. */
  @SuppressWarnings("unused") // by the handle
  private int current = NONE;

  private static final int NONE = Integer.MIN_VALUE;

  /** Counters for imports of these names; forms of one name count together. */
  CallCounters(List<String> names) {
    this.names = List.copyOf(names);
    this.calls = new long[names.size()];
    this.errors = new long[names.size()];
  }

  void enter(int index) {
    calls[index]++;
    total++;
    CURRENT.setRelease(this, index);
  }

  void leave(int index, boolean failed) {
    if (failed) {
      errors[index]++;
    }
    CURRENT.setRelease(this, ~index);
  }

  /** Calls so far; for the guest's thread. */
  long total() {
    return total;
  }

  boolean inCall() {
    return (int) CURRENT.getAcquire(this) >= 0;
  }

  /** Name of the call under way, or of the last one; empty before the first. */
  String last() {
    int index = (int) CURRENT.getAcquire(this);
    return index == NONE ? "" : names.get(index < 0 ? ~index : index);
  }

  /** By name, in the order of the imports. */
  Map<String, HostCallCount> byName() {
    Map<String, HostCallCount> byName = new LinkedHashMap<>();
    for (int i = 0; i < calls.length; i++) {
      HostCallCount count =
          new HostCallCount((long) ENTRY.getOpaque(calls, i), (long) ENTRY.getOpaque(errors, i));
      byName.merge(names.get(i), count, HostCallCount::plus);
    }
    return byName;
  }
}
