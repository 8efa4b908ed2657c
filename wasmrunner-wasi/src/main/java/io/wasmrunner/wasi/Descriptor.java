package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * What a guest's file descriptor stands for. Operations that a kind does not have fail with the
 * error number that POSIX gives. Used by the guest's thread alone.
 */
abstract class Descriptor {
  static final int READ = SelectionKey.OP_READ;
  static final int WRITE = SelectionKey.OP_WRITE;

  static final int UNKNOWN = 0;
  static final int CHARACTER_DEVICE = 2;
  static final int SOCKET_DGRAM = 5;
  static final int SOCKET_STREAM = 6;

  static final int NONBLOCK = 4;

  private static final long RIGHT_SEEK = 1L << 2;
  private static final long RIGHT_TELL = 1L << 5;
  private static final long ALL_RIGHTS = (1L << 30) - 1;

  private int flags;
  private int polledRound;
  private int polled;

  /** WASI file type. */
  abstract int filetype();

  /** Reads into the vectors; 0 is the end. */
  int read(Iovecs vectors) throws IOException {
    throw Errno.BADF.exception();
  }

  /** Writes from the vectors as much as goes. */
  int write(Iovecs vectors) throws IOException {
    throw Errno.BADF.exception();
  }

  /** Ready, as far as is known without asking the selector. */
  abstract boolean readyAtOnce(int op);

  /** Has the selector watch for it. */
  void arm(int op) {}

  /** Ready, after the selector was asked. */
  boolean ready(int op) {
    return readyAtOnce(op);
  }

  /** The other side is gone for good. */
  boolean hungUp() {
    return false;
  }

  void close() throws IOException {}

  GuestSocket socket() {
    throw Errno.NOTSOCK.exception();
  }

  final int flags() {
    return flags;
  }

  final void flags(int value) {
    flags = value;
  }

  final boolean blocking() {
    return (flags & NONBLOCK) == 0;
  }

  /** Everything, but seeking: so C and Rust see a terminal in the standard streams. */
  final long rights() {
    return filetype() == CHARACTER_DEVICE ? ALL_RIGHTS & ~(RIGHT_SEEK | RIGHT_TELL) : ALL_RIGHTS;
  }

  /** False when the same poll has named this descriptor for the same event before. */
  final boolean firstInPoll(int round, int op) {
    if (polledRound != round) {
      polledRound = round;
      polled = 0;
    }
    boolean first = (polled & op) == 0;
    polled |= op;
    return first;
  }
}
