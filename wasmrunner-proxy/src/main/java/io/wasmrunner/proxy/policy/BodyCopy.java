package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;

/** Collects a body within a bound. Confined to its event loop. */
final class BodyCopy {
  private final long most;
  private final HeldBytes account;
  private Buffer octets = Buffer.buffer();
  private long taken;
  private boolean full;

  BodyCopy(long most, HeldBytes account) {
    this.most = most;
    this.account = account;
  }

  /** Adds a piece; false when there is no room for it, now or earlier. */
  boolean add(Buffer piece) {
    if (!full) {
      full = octets.length() + piece.length() > most || !account.take(piece.length());
      if (!full) {
        taken += piece.length();
        octets.appendBuffer(piece);
      }
    }
    return !full;
  }

  boolean isWhole() {
    return !full;
  }

  /** What was collected. */
  Buffer octets() {
    return octets;
  }

  /** Lets go of it. */
  void release() {
    account.giveBack(taken);
    taken = 0;
    octets = Buffer.buffer();
  }
}
