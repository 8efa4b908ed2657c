package io.wasmrunner.wasi;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Standard output or error. */
final class StandardOutput extends Descriptor {
  private static final Logger log = LoggerFactory.getLogger(StandardOutput.class);

  /** Taken of one write, so that no call is long. */
  private static final int MAX_BYTES = 64 << 10;

  private final OutputSink sink;
  private boolean failed;

  StandardOutput(OutputSink sink) {
    this.sink = sink;
  }

  @Override
  int filetype() {
    return CHARACTER_DEVICE;
  }

  @Override
  int write(Iovecs vectors) {
    StackReserve.require(); // for the sink, which others may use as well
    try {
      int taken = 0;
      for (int i = 0; i < vectors.count() && taken < MAX_BYTES; i++) {
        ByteBuffer view = vectors.views()[i];
        int length = Math.min(view.remaining(), MAX_BYTES - taken);
        sink.write(view.limit(view.position() + length));
        taken += length;
      }
      return taken;
    } catch (UncheckedIOException e) { // told apart for programs in pipes, which end on EPIPE
      throw Errno.of(Objects.requireNonNull(e.getCause())).exception();
    } catch (RuntimeException e) {
      if (!failed) {
        failed = true;
        log.warn("Output of {} is lost, its sink failed", Thread.currentThread().getName(), e);
      }
      throw Errno.IO.exception();
    }
  }

  @Override
  boolean readyAtOnce(int op) {
    return true;
  }
}
