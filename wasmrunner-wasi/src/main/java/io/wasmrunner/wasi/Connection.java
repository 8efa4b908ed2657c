package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An open TCP connection. It is taken for writable until a write comes back short, because only our
 * own writes fill it: so a poll for writing, which is nearly always true, costs nothing.
 */
final class Connection {
  private static final int PEEK_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final Poller poller;
  private final GuestMemory memory;
  private final Poller.Watch watch;
  private @Nullable ByteBuffer peeked;
  private boolean writable = true;
  private boolean inputEnded;
  private boolean outputEnded;

  Connection(SocketChannel channel, GuestSocket.Context context, Poller.Watch watch) {
    this.channel = channel;
    this.poller = context.poller();
    this.memory = context.memory();
    this.watch = watch;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Reads; 0 nanoseconds is the non-blocking mode. */
  int read(Iovecs vectors, long timeoutNanos, boolean all) throws IOException {
    int done = 0;
    if (peeked != null) {
      done = vectors.put(peeked);
      if (!peeked.hasRemaining()) {
        dropPeeked();
      }
    }
    while (done == 0 || (all && timeoutNanos > 0)) {
      if (inputEnded || vectors.remaining() == 0) {
        return done;
      }
      int n = readSome(vectors);
      if (n > 0) {
        done += n;
      } else if (!inputEnded && !await(Descriptor.READ, timeoutNanos)) {
        if (done > 0) {
          return done;
        }
        throw Errno.AGAIN.exception();
      }
    }
    return done;
  }

  private int readSome(Iovecs vectors) throws IOException {
    try {
      long n =
          vectors.count() == 1
              ? channel.read(vectors.first())
              : channel.read(vectors.views(), 0, vectors.count());
      inputEnded = n < 0;
      return (int) n;
    } catch (IOException e) {
      inputEnded = true; // the error is told once, then it is the end
      throw e;
    }
  }

  /**
   * Reads without taking: the bytes wait in a buffer of ours for the next read. What waits is
   * counted in the memory budget of all guests; ENOBUFS when that has not as much.
   */
  int peek(Iovecs vectors, long timeoutNanos) throws IOException {
    if (peeked == null) {
      if (!memory.hold(PEEK_BYTES, "peeking into a connection")) {
        throw Errno.NOBUFS.exception();
      }
      try {
        peeked = receive(timeoutNanos);
      } finally {
        memory.letGo(PEEK_BYTES - (peeked == null ? 0 : peeked.capacity()));
      }
    }
    return peeked == null ? 0 : vectors.put(peeked.duplicate());
  }

  /** Null at the end. */
  private @Nullable ByteBuffer receive(long timeoutNanos) throws IOException {
    ByteBuffer space = ByteBuffer.allocate(PEEK_BYTES);
    int n = channel.read(space);
    while (n == 0) {
      if (!await(Descriptor.READ, timeoutNanos)) {
        throw Errno.AGAIN.exception();
      }
      n = channel.read(space);
    }
    inputEnded = n < 0;
    return n < 0 ? null : ByteBuffer.wrap(Arrays.copyOf(space.array(), n)); // no more than there is
  }

  private void dropPeeked() {
    if (peeked != null) {
      memory.letGo(peeked.capacity());
      peeked = null;
    }
  }

  /** Writes; 0 nanoseconds is the non-blocking mode, else until all is written. */
  int write(Iovecs vectors, long timeoutNanos) throws IOException {
    if (vectors.total() == 0) {
      return 0;
    }
    int done = 0;
    while (true) {
      long n =
          vectors.count() == 1
              ? channel.write(vectors.first())
              : channel.write(vectors.views(), 0, vectors.count());
      done += (int) n;
      if (done == vectors.total()) {
        return done;
      }
      writable = false;
      if (timeoutNanos == 0 && done > 0) {
        return done;
      }
      if (!await(Descriptor.WRITE, timeoutNanos)) {
        if (done > 0) {
          return done;
        }
        throw Errno.AGAIN.exception();
      }
    }
  }

  private boolean await(int op, long timeoutNanos) {
    return timeoutNanos > 0 && poller.await(watch, op, timeoutNanos);
  }

  void shutdown(boolean input, boolean output) throws IOException {
    if (input) {
      channel.shutdownInput();
      inputEnded = true;
    }
    if (output) {
      channel.shutdownOutput();
      outputEnded = true;
    }
  }

  void close() throws IOException {
    dropPeeked();
    channel.close();
  }

  boolean readyAtOnce(int op) {
    return op == Descriptor.READ ? inputEnded || peeked != null : writable || outputEnded;
  }

  boolean ready(int op, int selected) {
    if ((selected & op & Descriptor.WRITE) != 0) {
      writable = true;
    }
    return (selected & op) != 0 || readyAtOnce(op);
  }

  boolean hungUp() {
    return inputEnded && outputEnded;
  }
}
