package io.wasmrunner.wasi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard input. A stream's read may block without end, so a thread of its own, started when the
 * guest first asks, reads ahead a little and wakes the guest.
 */
final class StandardInput extends Descriptor {
  private static final Logger log = LoggerFactory.getLogger(StandardInput.class);
  private static final int BLOCK_BYTES = 8192;
  private static final int BLOCKS_AHEAD = 4;
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final InputStream source;
  private final Poller poller;
  private final BlockingQueue<ByteBuffer> blocks = new ArrayBlockingQueue<>(BLOCKS_AHEAD);
  private @Nullable Thread reader;
  private @Nullable ByteBuffer current;
  private boolean ended;

  StandardInput(InputStream source, Poller poller) {
    this.source = source;
    this.poller = poller;
  }

  @Override
  int filetype() {
    return CHARACTER_DEVICE;
  }

  @Override
  int read(Iovecs vectors) {
    ByteBuffer block = current();
    while (block == null) {
      if (!blocking()) {
        throw Errno.AGAIN.exception();
      }
      poller.begin();
      poller.select(Poller.FOREVER);
      block = current();
    }
    return vectors.put(block); // nothing, of the empty block that stands for the end
  }

  private @Nullable ByteBuffer current() {
    start();
    if (!ended && (current == null || !current.hasRemaining())) {
      current = blocks.poll();
      ended = current != null && !current.hasRemaining();
    }
    return current;
  }

  @Override
  boolean readyAtOnce(int op) {
    return op != READ || current() != null;
  }

  private void start() {
    if (reader == null) {
      Thread started = new Thread(this::readAll, Thread.currentThread().getName() + "-stdin");
      started.setDaemon(true);
      started.start();
      reader = started; // not when there was no thread left
    }
  }

  private void readAll() {
    try {
      for (byte[] block = source.readNBytes(1); block.length > 0; block = source.readNBytes(1)) {
        byte[] rest = new byte[Math.min(source.available(), BLOCK_BYTES)];
        int n = source.readNBytes(rest, 0, rest.length);
        blocks.put(ByteBuffer.allocate(1 + n).put(block).put(rest, 0, n).flip());
        poller.wakeup();
      }
    } catch (IOException e) {
      log.warn("Standard input of the guest ended early", e);
    } catch (InterruptedException e) {
      return;
    }
    try {
      blocks.put(END);
      poller.wakeup();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  void close() {
    if (reader != null) {
      reader.interrupt();
    }
  }
}
