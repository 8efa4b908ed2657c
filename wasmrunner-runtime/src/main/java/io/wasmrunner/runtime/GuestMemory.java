package io.wasmrunner.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** How much memory guests may use when nobody says. */
final class GuestMemory {
  private static final long MIB = 1L << 20;

  private GuestMemory() {}

  /** Seven eighths of the JVM's direct memory; the rest is for network buffers. */
  static int defaultBudgetMb() {
    long budget = maximumDirectMemory() / 8 * 7 / MIB;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, budget));
  }

  private static long maximumDirectMemory() {
    @Nullable HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotSpot != null) {
      long configured = Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
      if (configured > 0) {
        return configured;
      }
    }
    return Runtime.getRuntime().maxMemory();
  }
}
