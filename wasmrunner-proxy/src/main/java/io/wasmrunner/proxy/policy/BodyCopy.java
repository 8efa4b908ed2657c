package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;

/** Collects a body within a bound. Confined to its event loop. */
final class BodyCopy {
  private final long most;
  private final HeldBytes account;
  private Buffer octets = Buffer.buffer();
  private long taken;
  private boolean foreign;
  private boolean full;
  private boolean crowded;

  BodyCopy(long most, HeldBytes account) {
    this.most = most;
    this.account = account;
  }

  /** Adds a copy of a piece; false when there is no room for it, now or earlier. */
  boolean add(Buffer piece) {
    return add(piece, false);
  }

  /** The same, but a body that comes in one piece is not copied: nobody else may use that one. */
  boolean keep(Buffer piece) {
    return add(piece, true);
  }

  private boolean add(Buffer piece, boolean own) {
    if (!full) {
      boolean fits = octets.length() + piece.length() <= most;
      crowded = fits && !account.take(piece.length());
      full = !fits || crowded;
      if (!full) {
        taken += piece.length();
        if (own && octets.length() == 0) {
          octets = piece;
          foreign = true;
        } else {
          octets = (foreign ? octets.copy() : octets).appendBuffer(piece);
          foreign = false;
        }
      }
    }
    return !full;
  }

  boolean isWhole() {
    return !full;
  }

  /** Whether it would have fitted if others did not hold so much. */
  boolean isCrowdedOut() {
    return crowded;
  }

  /** What was collected. */
  Buffer octets() {
    return octets;
  }

  /** Lets go of it, and takes nothing more; idempotent. */
  void release() {
    full = true;
    account.giveBack(taken);
    taken = 0;
    octets = Buffer.buffer();
  }
}
