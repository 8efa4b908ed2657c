package io.wasmrunner.spi;

import java.nio.file.Path;
import java.time.Clock;

/**
 * What the host offers to launchers.
 *
 * @param cacheFolder folder for compiled code and the like, kept between starts
 * @param stateFolder folder for what launchers have to remember between starts, such as the
 *     processes they started; made by whoever writes there first
 * @param bindHost address that replaces 0.0.0.0 when a guest binds
 * @param defaultMemoryLimitBytes limit of a runner whose service names none
 * @param guestMemoryBudgetBytes sum that all guests inside this process may use
 * @param clock the time
 */
public record LauncherContext(
    Path cacheFolder,
    Path stateFolder,
    String bindHost,
    long defaultMemoryLimitBytes,
    long guestMemoryBudgetBytes,
    Clock clock) {}
