package io.wasmrunner.wasi;

import java.net.InetSocketAddress;

/**
 * Told what a guest does beyond computing. Called on the guest's thread; must not block or throw.
 * Every method does nothing unless overridden.
 */
public interface GuestListener {
  /** A listener that ignores everything. */
  GuestListener NONE = new GuestListener() {};

  /** The guest called a function that is linked but not supported; told once per function. */
  default void unsupported(String function) {}

  /** The {@link Network} refused; {@code reason} says what would allow it. */
  default void denied(String operation, InetSocketAddress address, String reason) {}

  /** The guest now accepts connections at {@code local}. */
  default void listening(InetSocketAddress local) {}

  /**
   * The guest used a folder of {@link GuestConfig#preopens}, or something in it. Told once, and
   * once more when it began to change things there.
   *
   * @param guest the guest's name of the folder
   */
  default void folderUsed(String guest, boolean changed) {}

  /**
   * Something in a folder was refused.
   *
   * @param guest the guest's name of the folder
   * @param path what led out of it; empty when it wanted to change what it may only read
   */
  default void folderDenied(String guest, String path, String reason) {}

  /** The guest asked for a connection to {@code remote}, and the network allowed it. */
  default void connecting(InetSocketAddress remote) {}
}
