package io.wasmrunner.runtime;

import com.sun.management.UnixOperatingSystemMXBean;
import io.wasmrunner.wasi.DescriptorBudget;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** How many files and sockets guests may have open together. */
final class GuestDescriptors {
  private GuestDescriptors() {}

  /** Three quarters of what the system gives the process; the rest is for our own connections. */
  static DescriptorBudget budget() {
    @Nullable UnixOperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    if (system == null || system.getMaxFileDescriptorCount() <= 0) {
      return DescriptorBudget.unlimited(); // Windows knows no such limit
    }
    long most = system.getMaxFileDescriptorCount() / 4 * 3;
    return new DescriptorBudget((int) Math.min(Integer.MAX_VALUE, most));
  }
}
