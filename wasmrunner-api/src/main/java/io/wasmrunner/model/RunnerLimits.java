package io.wasmrunner.model;

/**
 * What a runner may use beside its memory.
 *
 * @param cpuShare of one core, above 0 and at most 1; 1 is no limit
 * @param openDescriptors files and sockets open at a time, standard streams included
 * @param outputKbPerSecond KiB of output that are logged in a second, lines counted 64 bytes longer
 *     than they are; the rest is dropped and counted
 */
public record RunnerLimits(double cpuShare, int openDescriptors, int outputKbPerSecond) {
  /** No limit of CPU, 1024 descriptors, 1024 KiB of output in a second. */
  public static final RunnerLimits DEFAULT = new RunnerLimits(1, 1024, 1024);

  /** Checks ranges. */
  public RunnerLimits {
    if (!(cpuShare > 0 && cpuShare <= 1)) {
      throw new IllegalArgumentException("cpuShare must be above 0 and at most 1: " + cpuShare);
    }
    if (openDescriptors < 3) {
      throw new IllegalArgumentException("openDescriptors must be at least 3: " + openDescriptors);
    }
    if (outputKbPerSecond < 1) {
      throw new IllegalArgumentException(
          "outputKbPerSecond must be at least 1: " + outputKbPerSecond);
    }
  }
}
