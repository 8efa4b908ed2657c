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
  static final int BLOCK_DEVICE = 1;
  static final int CHARACTER_DEVICE = 2;
  static final int DIRECTORY = 3;
  static final int REGULAR_FILE = 4;
  static final int SOCKET_DGRAM = 5;
  static final int SOCKET_STREAM = 6;
  static final int SYMBOLIC_LINK = 7;

  static final int APPEND = 1;
  static final int DSYNC = 2;
  static final int NONBLOCK = 4;
  static final int RSYNC = 8;
  static final int SYNC = 16;
  static final int ALL_FLAGS = 31;

  private int flags;
  private long base = Rights.ALL;
  private long inheriting = Rights.ALL;
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

  GuestFolder folder() {
    throw Errno.NOTDIR.exception();
  }

  /** An open file; the number tells why it is none. */
  GuestFile file(Errno otherwise) {
    throw otherwise.exception();
  }

  FileStat stat() throws IOException {
    return FileStat.of(filetype());
  }

  void setTimes(FileTimes times) throws IOException {
    throw Errno.INVAL.exception();
  }

  /** Has what was written reach the disk. */
  void sync(boolean dataOnly) throws IOException {}

  final int flags() {
    return flags;
  }

  final void flags(int value) {
    flags = value;
  }

  final boolean blocking() {
    return (flags & NONBLOCK) == 0;
  }

  /** What it may be used for; no seeking, so that C and Rust see a terminal in a stream. */
  final long rights() {
    return filetype() == CHARACTER_DEVICE ? base & ~(Rights.FD_SEEK | Rights.FD_TELL) : base;
  }

  /** What descriptors opened through it may be used for. */
  final long inheriting() {
    return inheriting;
  }

  /** Rights can only be given up. */
  final void rights(long newBase, long newInheriting) {
    if ((newBase & ~rights()) != 0 || (newInheriting & ~inheriting) != 0) {
      throw Errno.NOTCAPABLE.exception();
    }
    base = newBase;
    inheriting = newInheriting;
  }

  /** Fails when one of these rights is not there. */
  final void require(long rights) {
    long missing = rights & ~base;
    if (missing != 0) {
      throw lacks(missing).exception();
    }
    allowed(rights);
  }

  /** Called when rights were asked for that are there. */
  void allowed(long rights) {}

  /** The number for a missing right. */
  Errno lacks(long missing) {
    return (missing & (Rights.FD_READ | Rights.FD_WRITE)) != 0 ? Errno.BADF : Errno.NOTCAPABLE;
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
