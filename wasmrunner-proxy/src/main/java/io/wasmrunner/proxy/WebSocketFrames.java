package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;

/**
 * Follows the frames of one direction of a WebSocket, RFC 6455, 5.2: where one ends, another may be
 * put in between. It holds nothing but a frame's head. Confined to its event loop.
 */
final class WebSocketFrames {
  private static final int CLOSE = 8;
  private static final int LONGEST_CONTROL = 125;

  private final boolean masked;
  private final byte[] head = new byte[14];
  private int filled;
  private long payloadLeft;
  private boolean inMessage;
  private boolean closeSeen;
  private boolean lost;

  /** Of a client, whose frames are masked, or of a server. */
  WebSocketFrames(boolean masked) {
    this.masked = masked;
  }

  /** Whether a frame has ended and no other has begun. */
  boolean isBetween() {
    return !lost && filled == 0 && payloadLeft == 0;
  }

  /** Whether a Close frame has passed. */
  boolean hasClosed() {
    return closeSeen;
  }

  /** Whether what passes is no WebSocket; nothing can be put in between then. */
  boolean isLost() {
    return lost;
  }

  /**
   * Looks at bytes that pass, up to the end of the next frame if {@code one}.
   *
   * @return index of the first byte that was not looked at
   */
  int look(Buffer bytes, int from, boolean one) {
    int at = from;
    while (at < bytes.length() && !lost) {
      if (payloadLeft > 0) {
        long step = Math.min(payloadLeft, bytes.length() - at);
        at += (int) step;
        payloadLeft -= step;
      } else {
        head[filled++] = bytes.getByte(at++);
        if (filled >= 2 && filled == headLength()) {
          begun();
        }
      }
      if (one && isBetween()) {
        return at;
      }
    }
    return lost ? bytes.length() : at;
  }

  private int headLength() {
    int extended =
        switch (head[1] & 0x7f) {
          case 126 -> 2;
          case 127 -> 8;
          default -> 0;
        };
    return 2 + extended + ((head[1] & 0x80) != 0 ? 4 : 0);
  }

  private void begun() {
    int opcode = head[0] & 0x0f;
    boolean last = (head[0] & 0x80) != 0;
    boolean control = opcode >= CLOSE;
    payloadLeft = length();
    filled = 0;
    lost =
        payloadLeft < 0
            || ((head[1] & 0x80) != 0) != masked
            || (opcode > 2 && opcode < CLOSE)
            || opcode > 10
            || (control && (!last || payloadLeft > LONGEST_CONTROL))
            || (!control && (opcode == 0) != inMessage);
    if (!control) {
      inMessage = !last;
    }
    closeSeen |= opcode == CLOSE;
  }

  private long length() {
    int shortLength = head[1] & 0x7f;
    if (shortLength < 126) {
      return shortLength;
    }
    long length = 0;
    int to = shortLength == 126 ? 4 : 10;
    for (int i = 2; i < to; i++) {
      length = length << 8 | (head[i] & 0xff);
    }
    return length;
  }

  /** A Close frame with status 1001, going away. */
  static Buffer goingAway(boolean masked, int mask) {
    if (!masked) {
      return Buffer.buffer(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe9});
    }
    return Buffer.buffer(8)
        .appendByte((byte) 0x88)
        .appendByte((byte) 0x82)
        .appendInt(mask)
        .appendByte((byte) (0x03 ^ mask >>> 24))
        .appendByte((byte) (0xe9 ^ mask >>> 16));
  }
}
