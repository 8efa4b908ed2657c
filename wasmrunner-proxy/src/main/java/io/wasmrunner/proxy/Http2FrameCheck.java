package io.wasmrunner.proxy;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Looks at the heads of a client's HTTP/2 frames for what Netty lets pass: requests on streams that
 * are used up, and frames without end that ask for nothing. Confined to its event loop.
 */
final class Http2FrameCheck {
  /** So many frames of control, which honest clients send a few of, in the time below. */
  static final int MAX_CONTROL_FRAMES = 1_000;

  private static final long CONTROL_WINDOW_NANOS = 10_000_000_000L;

  /** More than Netty lets be open at once; what it has closed is forgotten then. */
  private static final int REMEMBERED = 1_000;

  private static final int END_STREAM = 1;

  private final LongSupplier ticker;
  private final IntPredicate known;
  private final Set<Integer> sending = new HashSet<>();
  private int newest;
  private int controls;
  private long controlsSince;

  /**
   * Makes the check of one connection.
   *
   * @param newest newest stream that is used up from the start
   * @param known whether the server still knows a stream
   */
  Http2FrameCheck(int newest, LongSupplier ticker, IntPredicate known) {
    this.newest = newest;
    this.ticker = ticker;
    this.known = known;
    this.controlsSince = ticker.getAsLong();
  }

  /** A frame has begun. */
  void frame(int type, int flags, int stream, int length) throws Http2Exception {
    boolean last = (flags & END_STREAM) != 0;
    switch (type) {
      case Http2FrameTypes.HEADERS -> headers(stream, last);
      case Http2FrameTypes.DATA -> {
        if (last) {
          sending.remove(stream);
        } else if (length == 0) {
          control();
        }
      }
      case Http2FrameTypes.RST_STREAM -> sending.remove(stream);
      case Http2FrameTypes.WINDOW_UPDATE, Http2FrameTypes.CONTINUATION -> {}
      default -> control();
    }
  }

  private void headers(int stream, boolean last) throws Http2Exception {
    boolean begins = stream > newest;
    if (!begins && !sending.contains(stream)) {
      throw Http2Exception.connectionError(
          stream == newest ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR,
          "a request on a stream that is used up");
    }
    newest = Math.max(newest, stream);
    if (last) {
      sending.remove(stream);
    } else if (begins) {
      if (sending.size() >= REMEMBERED) {
        sending.removeIf(any -> !known.test(any));
      }
      sending.add(stream);
    }
  }

  private void control() throws Http2Exception {
    long now = ticker.getAsLong();
    if (now - controlsSince > CONTROL_WINDOW_NANOS) {
      controlsSince = now;
      controls = 0;
    }
    if (++controls > MAX_CONTROL_FRAMES) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many frames");
    }
  }
}
