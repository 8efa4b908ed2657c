package io.wasmrunner.scheduler;

import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import java.util.Locale;

/** Which messages are taken in. Belongs to one context. */
final class Admission {
  /** The content type cannot be used. */
  static final String CONTENT_TYPE = "WR-4202";

  /** The body is larger than allowed. */
  static final String TOO_LARGE = "WR-4203";

  /** Too much waits in this queue, or for the disk. */
  static final String FULL = "WR-4204";

  /** There are too many queues. */
  static final String TOO_MANY = "WR-4205";

  /** Bodies that wait for their commit, all together. */
  private static final long MOST_UNWRITTEN_BYTES = 64L << 20;

  private static final int LONGEST_CONTENT_TYPE = 255;

  private final SchedulerLimits limits;
  private long unwrittenBytes;

  Admission(SchedulerLimits limits) {
    this.limits = limits;
  }

  /** The content type, {@code application/json} when there is none. */
  static String checkedContentType(String given) {
    String type = given.strip();
    if (type.isEmpty()) {
      return "application/json";
    }
    if (type.length() > LONGEST_CONTENT_TYPE
        || !type.chars().allMatch(each -> each >= 0x20 && each < 0x7f)) {
      throw new RequestFailedException(
          Reason.INVALID,
          CONTENT_TYPE,
          "the content type is longer than %d characters or not visible ASCII"
              .formatted(LONGEST_CONTENT_TYPE),
          "Send a Content-Type such as application/json.");
    }
    return type;
  }

  void checkSize(int bytes) {
    if (bytes > limits.maxPayloadBytes()) {
      throw new RequestFailedException(
          Reason.TOO_LARGE,
          TOO_LARGE,
          String.format(
              Locale.ROOT,
              "the message has %,d bytes, allowed are %,d",
              bytes,
              limits.maxPayloadBytes()),
          "Publish a reference to large content instead of the content.");
    }
    if (unwrittenBytes + bytes > Math.max(MOST_UNWRITTEN_BYTES, bytes)) {
      throw new RequestFailedException(
          Reason.FULL,
          FULL,
          "%d MiB wait to be written to disk".formatted(unwrittenBytes >> 20),
          "Publish again later.");
    }
  }

  void checkNewQueue(int queues) {
    if (queues >= limits.maxQueues()) {
      throw new RequestFailedException(
          Reason.FULL,
          TOO_MANY,
          "there are %d queues already".formatted(queues),
          "Publish to a queue that exists, or give this one a listener in a service.json.");
    }
  }

  void checkBacklog(QueueState queue) {
    if (queue.backlog() + queue.subscriptions().size() > limits.maxPendingPerQueue()) {
      throw new RequestFailedException(
          Reason.FULL,
          FULL,
          "%d deliveries of queue %s wait already".formatted(queue.backlog(), queue.name()),
          "Publish again later; look why its subscribers do not take messages.");
    }
  }

  /** A body waits for its commit. */
  void taken(int bytes) {
    unwrittenBytes += bytes;
  }

  /** A body waits no longer. */
  void written(int bytes) {
    unwrittenBytes -= bytes;
  }
}
