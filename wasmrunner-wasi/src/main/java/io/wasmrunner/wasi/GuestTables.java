package io.wasmrunner.wasi;

import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/**
 * The tables of one guest. They live on the Java heap that all guests share, so all of them
 * together are bounded, and a growth beyond that, or beyond the heap, is refused. Each guest gets
 * limits of its own, because a table that grows writes into them, and those of the parsed module
 * belong to all its guests.
 */
final class GuestTables {
  static final int MAX_TABLES = 16;

  /** Entries of all tables of a guest: some 3 MiB of heap. */
  static final int MAX_ENTRIES = 1 << 18;

  private final GuestMemory memory;
  private long entries;

  /** Tables of the guest that has this memory, where refusals are counted. */
  GuestTables(GuestMemory memory) {
    this.memory = memory;
  }

  static boolean fit(WasmModule module) {
    int count = module.tableSection().tableCount();
    long entries = 0;
    for (int i = 0; i < count; i++) {
      entries += module.tableSection().getTable(i).limits().min();
    }
    return count <= MAX_TABLES && entries <= MAX_ENTRIES;
  }

  TableInstance create(Table table, int initialValue) {
    TableLimits declared = table.limits();
    TableLimits own = new TableLimits(declared.min(), Math.min(declared.max(), MAX_ENTRIES));
    entries += declared.min();
    return new Bounded(new Table(table.elementType(), own, table.initialize()), initialValue);
  }

  private boolean full(int more) {
    if (more < 0 || more > MAX_ENTRIES - entries) {
      memory.refused("its tables were to have more than " + MAX_ENTRIES + " entries");
      return true;
    }
    return false;
  }

  private int grown(int before, int more) {
    entries += before < 0 ? 0 : more;
    return before;
  }

  private int outOfHeap() {
    memory.refusedByJvm();
    return -1;
  }

  private final class Bounded extends TableInstance {
    Bounded(Table table, int initialValue) {
      super(table, initialValue);
    }

    @Override
    public int grow(int size, int value, Instance instance) {
      try {
        return full(size) ? -1 : grown(super.grow(size, value, instance), size);
      } catch (OutOfMemoryError e) {
        return outOfHeap();
      }
    }

    @Override
    public int growWithRef(int size, Object value, Instance instance) {
      try {
        return full(size) ? -1 : grown(super.growWithRef(size, value, instance), size);
      } catch (OutOfMemoryError e) {
        return outOfHeap();
      }
    }
  }
}
