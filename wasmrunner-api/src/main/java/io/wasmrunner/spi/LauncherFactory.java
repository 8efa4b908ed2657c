package io.wasmrunner.spi;

import java.util.Map;

/** Makes launchers of one kind. */
public interface LauncherFactory extends Factory {
  /**
   * Makes the launcher of a service. Called once per service and load, on a thread that may block.
   *
   * @param settings settings that passed {@link #settingsSchema()}
   * @param context what the host offers
   * @throws IllegalArgumentException when the settings make no sense together; the message is shown
   *     to the user
   */
  Launcher create(Map<String, Object> settings, LauncherContext context);

  /**
   * Whether its runners can do only what {@link RunnerSpec#capabilities()} allows, and what they do
   * is told to {@link RunnerOutput#accessed}. A service with capabilities does not start with a
   * launcher that cannot hold it to them. Default: no.
   */
  default boolean enforcesCapabilities() {
    return false;
  }

  /**
   * Whether the environment of its runners, which may hold secrets, stays hidden from other users
   * of the machine, as it does not on a command line. A service with secrets does not start
   * otherwise. Default: yes.
   *
   * @param settings settings of the service, as {@link #create} gets them
   */
  default boolean hidesEnvironment(Map<String, Object> settings) {
    return true;
  }

  /**
   * Ends what a predecessor of this process left running when it was killed. Called once at each
   * start, before any runner is started, on a thread that may block; services may have changed or
   * gone since. Must touch nothing that belongs to another process that still runs. Default:
   * nothing.
   */
  default void recover(LauncherContext context) {}
}
