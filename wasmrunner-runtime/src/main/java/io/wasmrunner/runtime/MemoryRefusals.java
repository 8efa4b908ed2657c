package io.wasmrunner.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often an engine says in its output that it refused memory. A guest can print the same
 * words; it then only mislabels its own end. Thread-safe.
 */
final class MemoryRefusals {
  /** An end that follows a refusal this soon is blamed on it. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private final byte[] mark;
  private final Clock clock;
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable Instant last;

  private MemoryRefusals(byte[] mark, Clock clock) {
    this.mark = mark;
    this.clock = clock;
  }

  /** Of an engine that prints this text with each refusal. */
  static MemoryRefusals saidAs(String mark, Clock clock) {
    return new MemoryRefusals(mark.getBytes(StandardCharsets.US_ASCII), clock);
  }

  /** Of a program that says nothing. */
  static MemoryRefusals unknown(Clock clock) {
    return new MemoryRefusals(new byte[0], clock);
  }

  /** One output of the engine. Not thread-safe. */
  final class Watch {
    private int matched;

    /** Looks at the next bytes, and leaves them as they are. */
    void look(ByteBuffer bytes) {
      for (int i = bytes.position(); mark.length > 0 && i < bytes.limit(); i++) {
        byte next = bytes.get(i);
        // The mark begins with a letter that is nowhere else in it: no earlier start can be lost.
        matched = next == mark[matched] ? matched + 1 : next == mark[0] ? 1 : 0;
        if (matched == mark.length) {
          matched = 0;
          last = clock.instant();
          count.incrementAndGet();
        }
      }
    }
  }

  long count() {
    return count.get();
  }

  /** Whether the last refusal is not long ago. */
  boolean justNow() {
    Instant at = last;
    return at != null && Duration.between(at, clock.instant()).compareTo(SOON) < 0;
  }
}
