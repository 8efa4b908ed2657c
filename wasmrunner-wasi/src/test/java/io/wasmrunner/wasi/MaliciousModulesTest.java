package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that ask for very much: each is refused, or runs and ends within its bounds. */
final class MaliciousModulesTest {
  private static final long HUGE = 0xffff_ffffL;
  private static final int MANY = 100_000;
  private static final ModuleBytes NO_LOCALS = ModuleBytes.vector(0);
  private static final byte[] NOTHING = {0x0b};

  @TempDir private Path folder;

  /** A module, and the codes with which it may be refused; none when it has to load. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Hostile(String name, byte[] module, String... codes) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Hostile hostile(String name, ModuleBytes module, String... codes) {
    return new Hostile(name, module.toByteArray(), codes);
  }

  private static Stream<Hostile> modules() {
    List<Hostile> all = new ArrayList<>();
    // Vectors that say to have more elements than there are bytes.
    for (int section : new int[] {1, 2, 3, 4, 5, 6, 7, 9, 10, 11}) {
      for (long count : new long[] {HUGE, Integer.MAX_VALUE, 50_000_000}) {
        all.add(
            hostile(
                "section " + section + " of " + count,
                ModuleBytes.module().section(section, ModuleBytes.vector(count)),
                "WR-6005",
                "WR-6007"));
      }
    }
    for (long count : new long[] {HUGE, Integer.MAX_VALUE, 300_000_000}) {
      all.add(
          new Hostile(
              count + " locals",
              ModuleBytes.program(ModuleBytes.vector(1).number(count).raw(0x7f), NOTHING),
              "WR-6005",
              "WR-6012"));
      all.add(
          hostile(
              "a type of " + count + " parameters",
              ModuleBytes.module().section(1, ModuleBytes.vector(1).raw(0x60).number(count)),
              "WR-6005"));
      all.add(
          new Hostile(
              "a table of " + count + " branches",
              ModuleBytes.program(
                  NO_LOCALS, new ModuleBytes().raw(0x41, 0, 0x0e).number(count).toByteArray()),
              "WR-6005"));
      all.add(
          hostile(
              "a table of " + count + " entries",
              ModuleBytes.start(ModuleBytes.module())
                  .section(4, ModuleBytes.vector(1).raw(0x70, 0).number(count)),
              "WR-6005",
              "WR-6012"));
      all.add(
          hostile(
              "elements of " + count + " functions",
              ModuleBytes.start(ModuleBytes.module())
                  .section(9, ModuleBytes.vector(1).raw(1, 0).number(count)),
              "WR-6005"));
      all.add(
          hostile(
              "data of " + count + " bytes",
              ModuleBytes.start(ModuleBytes.module())
                  .section(11, ModuleBytes.vector(1).raw(1).number(count)),
              "WR-6005"));
      all.add(
          hostile(
              "a name of " + count + " bytes",
              ModuleBytes.module().section(2, ModuleBytes.vector(1).number(count).raw('x')),
              "WR-6005"));
    }
    all.add(
        new Hostile(
            "groups of locals that are too many together",
            ModuleBytes.program(ModuleBytes.vector(51).repeat(51, 0xe8, 0x07, 0x7e), NOTHING),
            "WR-6012"));
    all.add(
        new Hostile(
            "as many locals as there may be",
            ModuleBytes.program(ModuleBytes.vector(50).repeat(50, 0xe8, 0x07, 0x7e), NOTHING)));
    all.add(
        hostile(
            "a group of 2^32 types",
            ModuleBytes.module().section(1, ModuleBytes.vector(1).raw(0x4e).number(HUGE)),
            "WR-6012"));
    all.add(
        hostile(
            "a memory of 2^32 pages",
            ModuleBytes.start(ModuleBytes.module())
                .section(5, ModuleBytes.vector(1).raw(0).number(HUGE))
                .section(10, ModuleBytes.vector(1).raw(2, 0, 0x0b)),
            "WR-6005"));
    all.add(
        new Hostile(
            "blocks nested " + MANY + " deep",
            ModuleBytes.program(
                NO_LOCALS,
                new ModuleBytes().repeat(MANY, 0x02, 0x40).repeat(MANY + 1, 0x0b).toByteArray())));
    all.add(
        new Hostile(
            "an expression of " + MANY + " values",
            ModuleBytes.program(
                NO_LOCALS,
                new ModuleBytes()
                    .repeat(MANY, 0x41, 0)
                    .repeat(MANY, 0x1a)
                    .raw(0x0b)
                    .toByteArray())));
    all.add(
        hostile(
            MANY + " types",
            ModuleBytes.module().section(1, ModuleBytes.vector(MANY).repeat(MANY, 0x60, 0, 0)),
            "WR-6007"));
    all.add(
        hostile(
            MANY + " functions without code",
            ModuleBytes.module()
                .section(1, ModuleBytes.vector(1).raw(0x60, 0, 0))
                .section(3, ModuleBytes.vector(MANY).repeat(MANY, 0)),
            "WR-6005"));
    all.add(
        hostile(
            MANY + " imports",
            ModuleBytes.module()
                .section(1, ModuleBytes.vector(1).raw(0x60, 0, 0))
                .section(2, ModuleBytes.vector(MANY).repeat(MANY, 1, 'a', 1, 'b', 0, 0)),
            "WR-6006",
            "WR-6007"));
    all.add(
        hostile(
            "an export of a function that is not there",
            ModuleBytes.module()
                .section(1, ModuleBytes.vector(1).raw(0x60, 0, 0))
                .section(7, ModuleBytes.startExport()),
            "WR-6005",
            "WR-6007"));
    all.add(
        hostile(
            "a function of a type that is not there",
            ModuleBytes.module()
                .section(1, ModuleBytes.vector(1).raw(0x60, 0, 0))
                .section(3, ModuleBytes.vector(1).raw(5))
                .section(7, ModuleBytes.startExport())
                .section(10, ModuleBytes.vector(1).raw(2, 0, 0x0b)),
            "WR-6005",
            "WR-6007"));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void areRefusedOrStayWithinTheirBounds(Hostile hostile) {
    Path file = TestingModules.bytes(folder, hostile.module);
    try (Engine engine = TestingGuests.compiler(folder)) {
      Module module;
      long allocated = allocatedBytes();
      try {
        module = engine.load(file);
      } catch (ModuleException e) {
        assertThat(hostile.codes).as(e.getMessage()).contains(e.code());
        assertThat(e.getCause() instanceof Error).isFalse();
        return;
      } finally {
        // some of these files are a megabyte of elements that are really there
        assertThat(allocatedBytes() - allocated).isLessThan(200L << 20);
      }
      assertThat(hostile.codes).as("it loads").isEmpty();
      GuestConfig config = GuestConfig.builder("hostile").stackBytes(1 << 20).build();
      assertThat(TestingGuests.run(module, config).kind()).isIn("exited", "trapped");
      assertThat(module.compiled().toCompletableFuture())
          .succeedsWithin(Duration.ofSeconds(60))
          .isIn(CodeState.COMPILED, CodeState.COMPILE_FAILED);
    }
  }

  private static long allocatedBytes() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
