package io.wasmrunner.scheduler;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Identities of messages: UUIDs of version 7, which sort by time. */
final class MessageId {
  private MessageId() {}

  static String next(Instant now, RandomGenerator random) {
    long time = (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(0x1000);
    long rest = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | Long.MIN_VALUE;
    return new UUID(time, rest).toString();
  }
}
