package io.wasmrunner.proxy;

/** How far an exchange has got, and since when nothing moved. Confined to its event loop. */
final class Progress {
  private final Deadlines deadlines;
  private final Patience patience;
  private Phase phase = Phase.CONNECTING;
  private long movedAt;
  private long sentAt;

  Progress(Deadlines deadlines, Patience patience) {
    this.deadlines = deadlines;
    this.patience = patience;
  }

  /** What it does. */
  enum Phase {
    /** On the way to a runner. */
    CONNECTING,
    /** Waits before it tries again. */
    PAUSING,
    /** Sends the request's body. */
    SENDING,
    /** Waits for the head of the answer. */
    AWAITING,
    /** Passes the answer on. */
    ANSWERING,
    /** Passes bytes both ways after an upgrade. */
    TUNNEL,
    /** Over. */
    DONE
  }

  Phase phase() {
    return phase;
  }

  boolean is(Phase other) {
    return phase == other;
  }

  void enter(Phase next) {
    phase = next;
  }

  /** A byte moved, give or take a tick. */
  void moved() {
    movedAt = deadlines.now();
  }

  /** Something happened now that the clock of the next phase starts with. */
  void movedNow() {
    movedAt = deadlines.preciseNow();
  }

  /** It goes to a runner now, in nanoseconds. */
  long send() {
    movedNow();
    sentAt = movedAt;
    return sentAt;
  }

  /** When it went to the runner. */
  long sentAt() {
    return sentAt;
  }

  /** For how long nothing has moved. */
  long still(long now) {
    return now - movedAt;
  }

  /** Whether nothing has moved for longer than that may be. */
  boolean isIdle(long now) {
    return still(now) > patience.idle();
  }

  /** Whether the runner has taken too long to begin its answer. */
  boolean isUnanswered(long now, long perTryNanos) {
    return still(now) > patience.firstByte() || still(now) > perTryNanos;
  }

  /** Whether the whole has taken too long; what is a tunnel by now may last. */
  boolean isTooLong(long now, long startedAt) {
    return phase != Phase.TUNNEL && now - startedAt > patience.total();
  }
}
