package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists a folder piece by piece, as far as the guest's buffer goes, and keeps nothing but its
 * place: so a folder may hold any number of names. A cookie is the number of the next entry; going
 * on is cheap, going elsewhere begins again.
 */
final class FolderListing {
  private static final int HEADER_BYTES = 24;

  private final Folder folder;
  private @Nullable DirectoryStream<Path> stream;
  private @Nullable Iterator<Path> rest;
  private @Nullable Entry next;
  private long position;

  private record Entry(String name, long inode, int type) {}

  FolderListing(Folder folder) {
    this.folder = folder;
  }

  /** Fills the buffer, the last entry cut off where it ends; less than full means no more. */
  int read(GuestMemory memory, int at, int length, long cookie) throws IOException {
    if (cookie == 0 || cookie != position) {
      begin(cookie);
    }
    int used = 0;
    while (used < length) {
      Poller.stopIfInterrupted();
      Optional<Entry> entry = peek();
      if (entry.isEmpty()) {
        break;
      }
      byte[] bytes = encode(entry.get());
      int n = Math.min(bytes.length, length - used);
      memory.putBytes(at + used, bytes, 0, n);
      used += n;
      if (n == bytes.length) {
        next = null;
        position++;
      }
    }
    return used;
  }

  private byte[] encode(Entry entry) {
    byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER_BYTES + name.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(position + 1)
        .putLong(entry.inode)
        .putInt(name.length)
        .putInt(entry.type)
        .put(name)
        .array();
  }

  private void begin(long cookie) throws IOException {
    close();
    DirectoryStream<Path> opened = folder.list();
    stream = opened;
    rest = opened.iterator();
    position = 0;
    next = null;
    while (position != cookie && peek().isPresent()) {
      Poller.stopIfInterrupted();
      next = null;
      position++;
    }
    position = cookie; // beyond the end there is nothing, wherever that is
  }

  private Optional<Entry> peek() throws IOException {
    if (next == null) {
      next = position < 2 ? self(position == 0 ? "." : "..") : other();
    }
    return Optional.ofNullable(next);
  }

  /** The folder above is not the guest's business, so it looks like this one. */
  private @Nullable Entry self(String name) throws IOException {
    return rest == null ? null : folder.stat(".").map(stat -> entry(name, stat)).orElse(null);
  }

  private @Nullable Entry other() throws IOException {
    try {
      while (rest != null && rest.hasNext()) {
        Path name = rest.next().getFileName();
        Optional<FileStat> stat = name == null ? Optional.empty() : folder.stat(name.toString());
        if (name != null && stat.isPresent()) { // else gone meanwhile
          return entry(name.toString(), stat.get());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    close();
    return null;
  }

  private static Entry entry(String name, FileStat stat) {
    return new Entry(name, stat.inode(), stat.type());
  }

  void close() throws IOException {
    DirectoryStream<Path> open = stream;
    stream = null;
    rest = null;
    if (open != null) {
      open.close();
    }
  }
}
