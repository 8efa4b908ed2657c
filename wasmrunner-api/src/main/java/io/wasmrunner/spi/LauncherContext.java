package io.wasmrunner.spi;

import java.nio.file.Path;
import java.time.Clock;

/**
 * What the host offers to launchers.
 *
 * @param cacheFolder folder for compiled code and the like, kept between starts
 * @param bindHost address that replaces 0.0.0.0 when a guest binds
 * @param defaultMemoryLimitBytes limit of a runner whose service names none
 * @param guestMemoryBudgetBytes sum that all guests inside this process may use
 * @param clock the time
 */
public record LauncherContext(
    Path cacheFolder,
    String bindHost,
    long defaultMemoryLimitBytes,
    long guestMemoryBudgetBytes,
    Clock clock) {}
