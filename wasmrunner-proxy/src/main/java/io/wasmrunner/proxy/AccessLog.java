package io.wasmrunner.proxy;

import io.wasmrunner.model.WasmrunnerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each request, on a thread of its own. Requests never wait for it: what the
 * writer cannot take in time is dropped and counted. Thread-safe.
 */
final class AccessLog implements AutoCloseable {
  /** So many entries may wait for the writer. */
  static final int MOST_WAITING = 8_192;

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final int BATCH = 256;
  private static final long CLOSES_WITHIN_MILLIS = 2_000;
  private static final long TELLS_AGAIN_NANOS = 60_000_000_000L;

  private final AccessLogOptions.Format format;
  private final @Nullable Sink sink;
  private final BlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongAdder dropped = new LongAdder();
  private final @Nullable Thread writer;
  private volatile boolean closed;
  private long toldAt;
  private boolean told;
  private long toldDropped;

  /** Where lines go. */
  interface Sink extends AutoCloseable {
    /** Writes whole lines; may block. */
    void write(byte[] lines) throws IOException;

    @Override
    void close() throws IOException;
  }

  private AccessLog(AccessLogOptions.Format format, @Nullable Sink sink) {
    this.format = format;
    this.sink = sink;
    if (sink == null) {
      this.writer = null;
    } else {
      Thread thread = new Thread(() -> write(sink), "wasmrunner-access-log");
      thread.setDaemon(true);
      this.writer = thread;
      thread.start();
    }
  }

  /**
   * Opens it. Blocks.
   *
   * @throws WasmrunnerException WR-3005 when the file cannot be written
   */
  static AccessLog open(AccessLogOptions options) {
    if (options.format() == AccessLogOptions.Format.OFF) {
      return new AccessLog(options.format(), null);
    }
    try {
      AccessLogFile file = new AccessLogFile(options);
      return to(
          options.format(),
          new Sink() {
            @Override
            public void write(byte[] lines) throws IOException {
              file.write(lines);
            }

            @Override
            public void close() throws IOException {
              file.close();
            }
          });
    } catch (IOException e) {
      throw new WasmrunnerException(
          "WR-3005",
          "the access log cannot be written to "
              + options.file().map(String::valueOf).orElse("standard output")
              + ": "
              + e,
          "Name a file in a folder that this user may write to with server.access_log_file.",
          e);
    }
  }

  /** One that writes elsewhere. */
  static AccessLog to(AccessLogOptions.Format format, Sink sink) {
    return new AccessLog(format, sink);
  }

  /** Whether entries are of any use. */
  boolean isOn() {
    return sink != null;
  }

  /** Adds a line, or drops it. */
  void add(AccessEntry entry) {
    if (!waiting.offer(entry)) {
      dropped.increment();
    }
  }

  /** How many lines were lost because they could not be written in time, or at all. */
  long dropped() {
    return dropped.sum();
  }

  private void write(Sink target) {
    List<AccessEntry> batch = new ArrayList<>(BATCH);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (target) {
      while (!closed || !waiting.isEmpty()) {
        AccessEntry first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        waiting.drainTo(batch, BATCH - 1);
        for (AccessEntry entry : batch) {
          lines.writeBytes(AccessLine.of(entry, format).getBytes(StandardCharsets.US_ASCII));
        }
        try {
          target.write(lines.toByteArray());
        } catch (IOException e) {
          dropped.add(batch.size());
          tell(e);
        }
        batch.clear();
        lines.reset();
        tellDropped();
      }
    } catch (InterruptedException closing) {
      dropped.add(waiting.size() + batch.size());
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      tell(e);
    }
  }

  private void tellDropped() {
    long lost = dropped.sum();
    if (lost > toldDropped && isDue()) {
      LOG.warn(
          "WR-3005: {} lines of the access log were lost: it cannot be written as fast as requests"
              + " come. Fix: use a faster disk, or server.access_log off.",
          lost - toldDropped);
      toldDropped = lost;
    }
  }

  /** Once a minute. */
  private boolean isDue() {
    long now = System.nanoTime();
    boolean due = !told || now - toldAt > TELLS_AGAIN_NANOS;
    if (due) {
      told = true;
      toldAt = now;
    }
    return due;
  }

  private void tell(IOException e) {
    if (isDue()) {
      LOG.error(
          "WR-3005: the access log cannot be written; lines are lost. Fix: make room, or let this"
              + " user write there.",
          e);
    }
  }

  /** Writes what waits, for at most two seconds. Blocks. */
  @Override
  public void close() {
    closed = true;
    Thread thread = writer;
    if (thread == null) {
      return;
    }
    try {
      thread.join(CLOSES_WITHIN_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
