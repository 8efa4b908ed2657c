package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Moves bytes from one stream to another no faster than they are taken. Failures are not its
 * business: both ends tell whoever owns them.
 */
final class Pump {
  private final ReadStream<Buffer> from;
  private final WriteStream<Buffer> to;
  private final Runnable moved;

  private Pump(ReadStream<Buffer> from, WriteStream<Buffer> to, Runnable moved) {
    this.from = from;
    this.to = to;
    this.moved = moved;
  }

  /**
   * Starts moving.
   *
   * @param moved runs for each piece
   * @param ended runs after the last piece; ending the target is left to it
   */
  static void start(
      ReadStream<Buffer> from, WriteStream<Buffer> to, Runnable moved, Runnable ended) {
    Pump pump = new Pump(from, to, moved);
    from.handler(pump::move);
    from.endHandler(end -> ended.run());
    from.resume();
  }

  private void move(Buffer piece) {
    moved.run();
    to.write(piece);
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(
          drained -> {
            moved.run();
            from.resume();
          });
    }
  }
}
