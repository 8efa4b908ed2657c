package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A regular file that a guest has open. Bytes go straight between the file and guest memory. */
final class GuestFile extends Descriptor {
  private static final int SET = 0;
  private static final int CURRENT = 1;
  private static final int END = 2;

  private static final ByteBuffer ZERO = ByteBuffer.allocateDirect(1).asReadOnlyBuffer();

  private final Mount mount;
  private final FileChannel channel;
  private final OpenedPath opened;
  private @Nullable FileChannel appender;

  private GuestFile(Mount mount, FileChannel channel, OpenedPath opened) {
    this.mount = mount;
    this.channel = channel;
    this.opened = opened;
  }

  /** Proves that what was opened is a regular file, whatever the place leads to by now. */
  static GuestFile of(Mount mount, FileChannel channel, Place place) throws IOException {
    Optional<Path> handle = Handles.of(channel);
    FileStat found = handle.isPresent() ? FileStat.read(handle.get()) : place.require();
    if (!found.isFile()) {
      throw Errno.ACCES.exception();
    }
    return new GuestFile(mount, channel, new OpenedPath(place.folder(), place.name(), found));
  }

  @Override
  int filetype() {
    return REGULAR_FILE;
  }

  @Override
  boolean readyAtOnce(int op) {
    return true;
  }

  @Override
  GuestFile file(Errno otherwise) {
    return this;
  }

  @Override
  Errno lacks(long missing) {
    boolean mode = (missing & (Rights.FD_READ | Rights.FD_WRITE)) != 0;
    return mode ? Errno.BADF : mount.writable() ? Errno.NOTCAPABLE : mount.lacks(missing);
  }

  @Override
  int read(Iovecs vectors) throws IOException {
    long n = channel.read(vectors.views(), 0, vectors.count());
    return (int) Math.max(0, n);
  }

  @Override
  int write(Iovecs vectors) throws IOException {
    int n = (flags() & APPEND) == 0 ? gather(channel, vectors) : append(vectors);
    written();
    return n;
  }

  private static int gather(FileChannel target, Iovecs vectors) throws IOException {
    return (int) target.write(vectors.views(), 0, vectors.count());
  }

  /** At the end, by the system where that is possible: others may append too. */
  private int append(Iovecs vectors) throws IOException {
    FileChannel end = appender;
    if (end == null) {
      Optional<Path> handle = Handles.of(channel);
      if (handle.isPresent()) {
        end = FileChannel.open(handle.get(), StandardOpenOption.APPEND);
        appender = end;
      } else {
        channel.position(channel.size());
        return gather(channel, vectors);
      }
    }
    int n = gather(end, vectors);
    channel.position(end.position());
    return n;
  }

  private void written() throws IOException {
    if ((flags() & (SYNC | DSYNC)) != 0) {
      channel.force((flags() & SYNC) != 0);
    }
  }

  int readAt(Iovecs vectors, long offset) throws IOException {
    require(Rights.FD_READ | Rights.FD_SEEK);
    long at = requireOffset(offset);
    int total = 0;
    for (int i = 0; i < vectors.count(); i++) {
      ByteBuffer view = vectors.views()[i];
      int n = channel.read(view, at + total);
      total += Math.max(0, n);
      if (view.hasRemaining()) {
        break;
      }
    }
    return total;
  }

  int writeAt(Iovecs vectors, long offset) throws IOException {
    require(Rights.FD_WRITE | Rights.FD_SEEK);
    long at = requireOffset(offset);
    int total = 0;
    for (int i = 0; i < vectors.count(); i++) {
      ByteBuffer view = vectors.views()[i];
      total += channel.write(view, at + total);
      if (view.hasRemaining()) {
        break;
      }
    }
    written();
    return total;
  }

  private static long requireOffset(long offset) {
    if (offset < 0) {
      throw Errno.INVAL.exception();
    }
    return offset;
  }

  long seek(long offset, int whence) throws IOException {
    boolean asks = offset == 0 && whence == CURRENT;
    require(asks ? Rights.FD_TELL : Rights.FD_SEEK);
    long from =
        switch (whence) {
          case SET -> 0;
          case CURRENT -> channel.position();
          case END -> channel.size();
          default -> throw Errno.INVAL.exception();
        };
    long to = from + offset;
    if (to < 0) { // also when the sum is beyond what a number holds
      throw Errno.INVAL.exception();
    }
    channel.position(to);
    return to;
  }

  void advise(long offset, long length, int advice) {
    require(Rights.FD_ADVISE);
    if (offset < 0 || length < 0 || advice < 0 || advice > 5) {
      throw Errno.INVAL.exception();
    }
  }

  /** Makes the file long enough; no blocks are set aside, Java cannot ask for that. */
  void allocate(long offset, long length) throws IOException {
    require(Rights.FD_ALLOCATE);
    if (offset < 0 || length <= 0) {
      throw Errno.INVAL.exception();
    }
    long end = offset + length;
    if (end < 0) {
      throw Errno.FBIG.exception();
    }
    if (end > channel.size()) {
      extend(end);
    }
  }

  void setSize(long size) throws IOException {
    require(Rights.FD_FILESTAT_SET_SIZE);
    long wanted = requireOffset(size);
    if (wanted > channel.size()) {
      extend(wanted);
    } else {
      long position = channel.position();
      channel.truncate(wanted);
      channel.position(position); // which truncating moves, and should not
    }
  }

  private void extend(long size) throws IOException {
    channel.write(ZERO.duplicate(), size - 1);
  }

  @Override
  void sync(boolean dataOnly) throws IOException {
    require(dataOnly ? Rights.FD_DATASYNC : Rights.FD_SYNC);
    channel.force(!dataOnly);
  }

  @Override
  FileStat stat() throws IOException {
    Optional<Path> handle = Handles.of(channel);
    return handle.isPresent() ? FileStat.read(handle.get()) : opened.stat(channel.size());
  }

  @Override
  void setTimes(FileTimes times) throws IOException {
    require(Rights.FD_FILESTAT_SET_TIMES);
    Optional<Path> handle = Handles.of(channel);
    if (handle.isPresent()) {
      times.set(handle.get());
    } else {
      times.set(opened.path(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  @Override
  void close() throws IOException {
    FileChannel end = appender;
    try {
      channel.close();
    } finally {
      if (end != null) {
        end.close();
      }
    }
  }
}
