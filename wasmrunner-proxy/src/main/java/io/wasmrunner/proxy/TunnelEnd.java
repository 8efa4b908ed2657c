package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * One direction of a WebSocket: moves what one end sends to the other, no faster than that takes
 * it, and says goodbye in between when it is asked to. Confined to its event loop.
 */
final class TunnelEnd {
  private final NetSocket from;
  private final NetSocket to;
  private final WebSocketFrames frames;
  private final Buffer goodbye;
  private final Runnable moved;
  private boolean leaving;
  private boolean left;

  /**
   * Makes a direction.
   *
   * @param frames of {@code from}
   * @param goodbye the frame that tells {@code to} that its peer is going away
   * @param moved runs for each piece
   */
  TunnelEnd(NetSocket from, NetSocket to, WebSocketFrames frames, Buffer goodbye, Runnable moved) {
    this.from = from;
    this.to = to;
    this.frames = frames;
    this.goodbye = goodbye;
    this.moved = moved;
  }

  /** Starts moving; {@code ended} runs after the last piece. */
  void start(Runnable ended) {
    from.handler(this::move);
    from.endHandler(end -> ended.run());
    from.resume();
  }

  /** Tells the other end, as soon as a frame has ended, and moves no more after that. */
  void leave() {
    leaving = true;
    if (frames.isBetween()) {
      sayGoodbye();
    }
  }

  /** Whether its sender has said that it is closing. */
  boolean hasClosed() {
    return frames.hasClosed();
  }

  /** Whether there is no way to say goodbye. */
  boolean isLost() {
    return frames.isLost();
  }

  private void move(Buffer piece) {
    moved.run();
    if (left) {
      frames.look(piece, 0, false);
      return;
    }
    int end = frames.look(piece, 0, leaving);
    to.write(end == piece.length() ? piece : piece.slice(0, end));
    if (leaving && frames.isBetween()) {
      sayGoodbye();
      frames.look(piece, end, false);
      return;
    }
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(
          drained -> {
            moved.run();
            from.resume();
          });
    }
  }

  private void sayGoodbye() {
    if (!left) {
      left = true;
      if (!frames.hasClosed()) {
        to.write(goodbye);
      }
      from.resume();
    }
  }
}
