package io.wasmrunner.scheduler;

import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;

/** What may name a queue: 1 to 255 visible characters, also {@code /} and {@code .}. */
final class QueueName {
  /** The name cannot be used. */
  static final String INVALID = "WR-4201";

  private static final int LONGEST = 255;

  private QueueName() {}

  /**
   * The name without spaces around it.
   *
   * @throws RequestFailedException when it cannot be used
   */
  static String checked(String given) {
    String name = given.strip();
    if (name.isEmpty()) {
      throw invalid("the name of the queue is empty");
    }
    if (name.length() > LONGEST) {
      throw invalid("the name of the queue has %d characters".formatted(name.length()));
    }
    name.codePoints()
        .filter(each -> !visible(each))
        .findFirst()
        .ifPresent(
            each -> {
              throw invalid(
                  "the name of the queue holds U+%04X, which is not visible".formatted(each));
            });
    return name;
  }

  /** The name as a header can carry it: what is not ASCII is percent-encoded. */
  static String forHeader(String name) {
    return name.chars().allMatch(each -> each > 0x20 && each < 0x7f)
        ? name
        : InnerClient.encoded(name);
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static RequestFailedException invalid(String what) {
    return new RequestFailedException(
        Reason.INVALID,
        INVALID,
        what,
        "Use 1 to %d visible characters, such as orders.created.".formatted(LONGEST));
  }
}
