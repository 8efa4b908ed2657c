package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to: W3C Trace Context, level 1.
 *
 * @param traceId 32 hexadecimal digits
 * @param flags two hexadecimal digits
 * @param state what other parties keep in {@code tracestate}; null for nothing
 */
record TraceContext(String traceId, String flags, @Nullable String state) {
  private static final int LENGTH = 55;
  private static final int MOST_STATE_BYTES = 512;
  private static final int MOST_STATE_MEMBERS = 32;
  private static final Pattern PARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern MEMBER =
      Pattern.compile(
          "[a-z0-9][a-z0-9_\\-*/@]{0,255}=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}"
              + "[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");
  private static final HexFormat HEX = HexFormat.of();

  /**
   * A new trace. Nobody here records it, so its flag {@code sampled} is not set: whoever wants the
   * trace decides for itself.
   */
  static TraceContext begin(RandomGenerator random) {
    return new TraceContext(id(random) + id(random), "00", null);
  }

  /** The trace that the header names; null when it names none, or not as it should. */
  static @Nullable TraceContext of(MultiMap headers) {
    List<String> parents = headers.getAll("traceparent");
    if (parents.size() != 1) {
      return null;
    }
    String parent = parents.get(0).strip();
    if (!isValid(parent)) {
      return null;
    }
    return new TraceContext(
        parent.substring(3, 35), parent.substring(53, 55), state(headers.getAll("tracestate")));
  }

  /** Value of {@code traceparent} for a hop, with a span of its own. */
  String parent(RandomGenerator random) {
    return "00-" + traceId + "-" + id(random) + "-" + flags;
  }

  private static boolean isValid(String parent) {
    if (parent.length() < LENGTH || parent.startsWith("ff")) {
      return false;
    }
    String known = parent.substring(0, LENGTH);
    boolean whole =
        parent.length() == LENGTH || (!parent.startsWith("00") && parent.charAt(LENGTH) == '-');
    return whole
        && PARENT.matcher(known).matches()
        && !known.startsWith("0".repeat(32), 3)
        && !known.startsWith("0".repeat(16), 36);
  }

  private static @Nullable String state(List<String> fields) {
    if (fields.isEmpty()) {
      return null;
    }
    String state = String.join(",", fields);
    if (state.length() > MOST_STATE_BYTES) {
      return null;
    }
    int members = 0;
    for (String member : state.split(",", -1)) {
      String stripped = member.strip();
      if (!stripped.isEmpty()) {
        members++;
        if (members > MOST_STATE_MEMBERS || !MEMBER.matcher(stripped).matches()) {
          return null;
        }
      }
    }
    return members == 0 ? null : state;
  }

  /** 16 hexadecimal digits, not all of them 0. */
  static String id(RandomGenerator random) {
    long id = random.nextLong();
    return HEX.toHexDigits(id == 0 ? 1 : id);
  }
}
