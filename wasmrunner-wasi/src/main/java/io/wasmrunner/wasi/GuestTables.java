package io.wasmrunner.wasi;

import run.endive.runtime.TableInstance;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/**
 * Tables of functions, which live on the Java heap that all guests share: so they are bounded. Each
 * guest gets limits of its own, because a table that grows writes into them, and those of the
 * parsed module belong to all its guests.
 */
final class GuestTables {
  static final int MAX_TABLES = 16;
  static final int MAX_ENTRIES = 1 << 18;

  private GuestTables() {}

  static boolean fit(WasmModule module) {
    int count = module.tableSection().tableCount();
    boolean fit = count <= MAX_TABLES;
    for (int i = 0; i < count; i++) {
      fit &= module.tableSection().getTable(i).limits().min() <= MAX_ENTRIES;
    }
    return fit;
  }

  static TableInstance create(Table table, int initialValue) {
    TableLimits declared = table.limits();
    TableLimits own = new TableLimits(declared.min(), Math.min(declared.max(), MAX_ENTRIES));
    return new TableInstance(new Table(table.elementType(), own, table.initialize()), initialValue);
  }
}
