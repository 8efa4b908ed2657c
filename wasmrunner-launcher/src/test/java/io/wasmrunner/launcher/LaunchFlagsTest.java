package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LaunchFlagsTest {
  private static final String HUGE = "-XX:-DontCompileHugeMethods";
  private static final int GIB = 1024;

  @Test
  void aRoomyMachineNeedsTheOneFlagOnly() {
    assertThat(flags(new LaunchFlags(8, 16 * GIB, 4 * GIB, new DeclaredMemory(5, 640))))
        .containsExactly("-XX:+IgnoreUnrecognizedVMOptions", HUGE);
  }

  @Test
  void aSmallMachineGetsTheSerialCollector() {
    LaunchFlags small = new LaunchFlags(2, 16 * GIB, 4 * GIB, new DeclaredMemory(5, 640));

    assertThat(flags(small)).contains("-XX:+UseSerialGC");
    assertThat(flags(small, "UseG1GC")).doesNotContain("-XX:+UseSerialGC").contains(HUGE);
  }

  @Test
  void aSmallMachineGetsASecondOptimizingCompilerThatBeginsLater() {
    LaunchFlags small = new LaunchFlags(2, 16 * GIB, 4 * GIB, new DeclaredMemory(5, 640));

    assertThat(flags(small))
        .contains("-XX:CICompilerCount=3", "-XX:Tier4InvocationThreshold=20000");
    assertThat(flags(small, "Tier4CompileThreshold")).noneMatch(flag -> flag.contains("Tier4"));
    assertThat(flags(small, "CICompilerCount")).noneMatch(flag -> flag.contains("CICompiler"));
    assertThat(flags(small, "TieredStopAtLevel")).noneMatch(flag -> flag.contains("CICompiler"));
  }

  @Test
  void guestsGetTheMemoryThatTheyAreDeclaredToUse() {
    LaunchFlags guests = new LaunchFlags(8, 16 * GIB, 4 * GIB, new DeclaredMemory(5, 7 * GIB));

    assertThat(flags(guests)).contains("-XX:MaxDirectMemorySize=8192m"); // guests get 7/8 of it
    assertThat(flags(guests, "MaxDirectMemorySize")).noneMatch(flag -> flag.contains("Direct"));
  }

  @Test
  void butNotMoreThanTheMachineHas() {
    assertThat(flags(new LaunchFlags(8, 8 * GIB, 2 * GIB, new DeclaredMemory(50, 100 * GIB))))
        .contains("-Xmx2592m")
        .contains("-XX:MaxDirectMemorySize=" + (8 * GIB - 2592 - 256) + "m");
  }

  @Test
  void manyModulesGetAHeapToBeCompiledIn() {
    LaunchFlags many = new LaunchFlags(8, 2 * GIB, 512, new DeclaredMemory(10, 100));

    assertThat(flags(many)).contains("-Xmx672m");
    for (String chosen : List.of("MaxHeapSize", "InitialHeapSize", "MaxRAMPercentage")) {
      assertThat(flags(many, chosen)).noneMatch(flag -> flag.startsWith("-Xmx"));
    }
    assertThat(flags(new LaunchFlags(8, 1 * GIB, 256, new DeclaredMemory(100, 100))))
        .contains("-Xmx512m"); // half of the machine
  }

  @Test
  void theArchiveOfTheStartIsMadeAndUsedByTheSameFlags() {
    LaunchFlags any = new LaunchFlags(8, 16 * GIB, 4 * GIB, new DeclaredMemory(1, 64));

    assertThat(any.missing(JvmFlags.of(Set.of()), Optional.of(Path.of("/d a/x.jsa"))))
        .contains("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=/d a/x.jsa");
  }

  private static List<String> flags(LaunchFlags flags, String... chosen) {
    return flags.missing(JvmFlags.of(Set.of(chosen)), Optional.empty());
  }
}
