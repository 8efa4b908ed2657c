package io.wasmrunner.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a JVM has to be told about its JIT when it is started. */
public final class JitFlag {
  /** HotSpot's name of the flag; on by default. */
  public static final String NAME = "DontCompileHugeMethods";

  /** HotSpot's name of the number of JIT compiler threads. */
  public static final String COMPILERS = "CICompilerCount";

  /** With so many processors the JVM starts two threads for the optimizing compiler by itself. */
  private static final int ENOUGH_PROCESSORS = 4;

  /** A fourth of this is what the JVM takes by itself. */
  private static final int CALLS_BEFORE_OPTIMIZING = 20_000;

  private JitFlag() {}

  /**
   * The flags for one compiler thread more, and for optimizing later, on machines where the JVM has
   * a single thread that optimizes. A large function of a guest can keep that busy for a minute,
   * and whatever else gets hot meanwhile would stay interpreted. And a start makes thousands of
   * methods warm that nobody calls later: to optimize them takes a third of its time from few
   * processors.
   */
  public static List<String> compilers(int processors) {
    return processors < ENOUGH_PROCESSORS
        ? List.of(
            "-XX:" + COMPILERS + "=3",
            "-XX:Tier4InvocationThreshold=" + CALLS_BEFORE_OPTIMIZING,
            "-XX:Tier4MinInvocationThreshold=" + CALLS_BEFORE_OPTIMIZING / 8,
            "-XX:Tier4CompileThreshold=" + 3 * CALLS_BEFORE_OPTIMIZING)
        : List.of();
  }

  /** True with {@code -XX:-DontCompileHugeMethods}, and in a JVM that knows no such limit. */
  public static boolean hugeMethodsCompiled() {
    @Nullable HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotSpot == null) {
      return true;
    }
    try {
      return !Boolean.parseBoolean(hotSpot.getVMOption(NAME).getValue());
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
