package io.wasmrunner.scheduler;

import java.time.Duration;
import java.time.Instant;

/**
 * Holds back deliveries to a service that could not be asked, since that is a state of the service
 * and not of a message. Belongs to one context.
 */
final class ServiceGate {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final int DOUBLINGS = 6;

  private Instant closedUntil = Instant.MIN;
  private int refusals;
  private int inFlight;
  private boolean available;

  /** How many more deliveries may go to it now. */
  int room(Instant now, int most) {
    return available && !now.isBefore(closedUntil) ? Math.max(0, most - inFlight) : 0;
  }

  /** Takes places, or gives them back when negative. */
  void take(int places) {
    inFlight += places;
  }

  /** The service was reached. */
  void reached() {
    refusals = 0;
  }

  /** The service could not be reached: a pause of 0.5 s to 32 s. */
  void notReached(Instant now) {
    if (now.isBefore(closedUntil)) {
      return;
    }
    closedUntil = now.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(refusals, DOUBLINGS)));
    refusals++;
  }

  /** What the runtime says; coming back opens the gate at once. */
  void available(boolean now) {
    if (now && !available) {
      closedUntil = Instant.MIN;
    }
    available = now;
  }
}
