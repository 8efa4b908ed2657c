package io.wasmrunner.wasi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs in a JVM of its own with next to no memory: guests that take all they can, one after
 * another, beside one that does its work. Prints how each ended.
 */
final class SmallHeap {
  private static final String YIELD =
      "(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))";
  private static final String WRITE =
      "(import \"wasi_snapshot_preview1\" \"fd_write\""
          + " (func $write (param i32 i32 i32 i32) (result i32)))"
          + " (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\01\")";

  private static final int ROUNDS = 3;
  private static final AtomicLong HELD = new AtomicLong();

  private SmallHeap() {}

  /** One argument: a folder to work in. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    MemoryBudget budget = new MemoryBudget(20 << 20);
    try (Engine engine = TestingGuests.interpreter(folder)) {
      Guest innocent =
          Guest.start(
              module(engine, folder, YIELD, "(loop $on (drop (call $yield)) (br $on))"),
              GuestConfig.builder("innocent").budget(budget).build());
      for (int round = 0; round < ROUNDS; round++) {
        run("grows", engine, folder, budget, "(memory 1)", GROW);
        run("recurses", engine, folder, budget, "(func $deep " + LOCALS + "(call $deep))", DEEP);
        run("tables", engine, folder, budget, "(table $t 1 funcref)", TABLE);
        run("writes", engine, folder, budget, WRITE, WRITES);
        long calls = calls(innocent);
        while (calls(innocent) == calls) {
          Thread.onSpinWait();
        }
      }
      innocent.stop();
      System.out.println("innocent " + TestingGuests.exit(innocent).kind());
    }
  }

  private static final String GROW =
      "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
  private static final String LOCALS = "(local " + "i64 ".repeat(20_000) + ")";
  private static final String DEEP = "(call $deep)";
  private static final String TABLE =
      "(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 4096))"
          + " (i32.const -1)))) unreachable";
  private static final String WRITES =
      "(if (i32.ne (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))"
          + " (i32.const 48)) (then (return))) unreachable";

  private static void run(
      String name, Engine engine, Path folder, MemoryBudget budget, String before, String body) {
    GuestConfig config =
        GuestConfig.builder(name)
            .budget(budget)
            .stdout(bytes -> HELD.addAndGet(new byte[1 << 30].length)) // more than there is
            .build();
    GuestExit exit = TestingGuests.run(module(engine, folder, before, body), config);
    System.out.println(name + " " + exit.kind());
  }

  private static Module module(Engine engine, Path folder, String before, String body) {
    return engine.load(TestingModules.program(folder, before, body));
  }

  private static long calls(Guest guest) {
    return guest.hostCalls().get("sched_yield").calls();
  }
}
