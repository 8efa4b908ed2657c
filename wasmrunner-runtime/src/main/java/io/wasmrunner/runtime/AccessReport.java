package io.wasmrunner.runtime;

import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import io.wasmrunner.wasi.NetworkDeniedException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Tells what one guest does: what it may, once; what it may not, every time. Thread-safe. */
final class AccessReport {
  private static final int MOST = 4096;

  private final Consumer<Access> accesses;
  private final Set<Object> told = new HashSet<>();

  AccessReport(Consumer<Access> accesses) {
    this.accesses = accesses;
  }

  /** Whether this is the first time for this use; now and then another time, too. */
  synchronized boolean first(Object use) {
    if (told.size() >= MOST) {
      told.clear();
    }
    return told.add(use);
  }

  void allowed(Operation operation, String target, List<String> entries) {
    accesses.accept(new Access(operation, target, entries, Optional.empty()));
  }

  /** The refusal, for the guest. */
  NetworkDeniedException denied(
      Operation operation, String target, List<String> entries, String reason) {
    accesses.accept(new Access(operation, target, entries, Optional.of(reason)));
    return new NetworkDeniedException(reason);
  }
}
