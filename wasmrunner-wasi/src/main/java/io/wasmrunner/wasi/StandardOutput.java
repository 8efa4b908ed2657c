package io.wasmrunner.wasi;

import java.io.UncheckedIOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Standard output or error. */
final class StandardOutput extends Descriptor {
  private static final Logger log = LoggerFactory.getLogger(StandardOutput.class);

  /** Taken of one write, so that a guest cannot make the host copy all of its memory. */
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
    byte[] bytes = vectors.take(MAX_BYTES);
    try {
      sink.write(bytes);
    } catch (UncheckedIOException e) { // told apart for programs in pipes, which end on EPIPE
      throw Errno.of(Objects.requireNonNull(e.getCause())).exception();
    } catch (RuntimeException e) {
      if (!failed) {
        failed = true;
        log.warn("Output of {} is lost, its sink failed", Thread.currentThread().getName(), e);
      }
      throw Errno.IO.exception();
    }
    return bytes.length;
  }

  @Override
  boolean readyAtOnce(int op) {
    return true;
  }
}
