package io.wasmrunner.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a JVM has to be told about its JIT when it is started. */
public final class JitFlag {
  /** HotSpot's name of the flag; on by default. */
  public static final String NAME = "DontCompileHugeMethods";

  /** Beginning of the flag that sets the number of JIT compiler threads. */
  static final String COMPILERS = "-XX:CICompilerCount=";

  /** With so many processors the JVM starts two threads for the optimizing compiler by itself. */
  private static final int ENOUGH_PROCESSORS = 4;

  private static final int LEAST_COMPILERS = 3;

  private JitFlag() {}

  /**
   * The flag for one compiler thread more, on machines where the JVM has a single one that
   * optimizes: a large function of a guest can keep that busy for a minute, and whatever else gets
   * hot meanwhile would stay interpreted.
   */
  public static Optional<String> compilers(int processors) {
    return processors < ENOUGH_PROCESSORS
        ? Optional.of(COMPILERS + LEAST_COMPILERS)
        : Optional.empty();
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
