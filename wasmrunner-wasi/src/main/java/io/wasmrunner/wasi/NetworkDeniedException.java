package io.wasmrunner.wasi;

import java.io.IOException;

/** A {@link Network} does not allow what the guest asked for; the guest gets EACCES. */
public final class NetworkDeniedException extends IOException {
  /** The message is the reason, and says what would allow it. */
  public NetworkDeniedException(String reason) {
    super(reason);
  }
}
