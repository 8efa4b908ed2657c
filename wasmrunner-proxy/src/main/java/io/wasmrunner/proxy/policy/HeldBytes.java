package io.wasmrunner.proxy.policy;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that bodies may take while they are checked, for all requests together. Thread-safe. */
final class HeldBytes {
  private final AtomicLong held = new AtomicLong();
  private final long most;

  HeldBytes(long most) {
    this.most = most;
  }

  /** Whether so much more may be held; it counts until it is given back. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
