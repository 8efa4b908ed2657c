package io.wasmrunner.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Whether the JIT of this JVM compiles methods of any size, which only a launch flag can say. */
public final class JitFlag {
  /** HotSpot's name of the flag; on by default. */
  public static final String NAME = "DontCompileHugeMethods";

  private JitFlag() {}

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
