package io.wasmrunner.proxy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** Time that passes when a test says so. */
final class TestingTicker implements LongSupplier {
  /** So many looks at the clock, and the event loop has acted upon what it saw first. */
  private static final int LOOKS = 2;

  private final AtomicLong nanos = new AtomicLong(1);
  private final AtomicLong looks = new AtomicLong();

  @Override
  public long getAsLong() {
    looks.incrementAndGet();
    return nanos.get();
  }

  /** Lets time pass; nobody has to notice. */
  void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Lets time pass; returns once the event loop has noticed. */
  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    long before = looks.get();
    Awaitility.await().until(() -> looks.get() >= before + LOOKS);
  }
}
