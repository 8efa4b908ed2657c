package io.wasmrunner.spi;

import java.util.List;
import java.util.Optional;

/**
 * Something outside itself that a runner asked for.
 *
 * @param operation what it wanted to do
 * @param target with what, for people
 * @param entries entries of {@code capabilities.outbound} (of {@code inbound}, for BIND; the
 *     guest's name of the folder, for READ and CHANGE) that allow exactly this; empty when it needs
 *     none, or when none can allow it
 * @param denied why it was refused; absent when it was not
 */
public record Access(
    Operation operation, String target, List<String> entries, Optional<String> denied) {
  /** Copies the list. */
  public Access {
    entries = List.copyOf(entries);
  }

  /** What a runner can ask for. */
  public enum Operation {
    /** The addresses of a host name. */
    RESOLVE,
    /** A connection, or a datagram sent. */
    CONNECT,
    /** A port to listen on. */
    BIND,
    /** Something in a folder of {@code capabilities.preopens}, to read. */
    READ,
    /** Something in such a folder, to change it. */
    CHANGE
  }
}
