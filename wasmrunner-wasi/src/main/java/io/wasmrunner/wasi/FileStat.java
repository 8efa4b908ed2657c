package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the system says about a file.
 *
 * @param device device that it is on
 * @param inode number on that device
 * @param type WASI file type
 * @param links hard links
 * @param size bytes
 * @param accessed nanoseconds since 1970
 * @param modified nanoseconds since 1970
 * @param changed nanoseconds since 1970
 */
record FileStat(
    long device,
    long inode,
    int type,
    long links,
    long size,
    long accessed,
    long modified,
    long changed) {

  private static final int BYTES = 64;
  private static final String UNIX =
      "unix:dev,ino,mode,nlink,size,lastAccessTime,lastModifiedTime,ctime";
  private static final int TYPE_MASK = 0170000;

  /** Of something that is no file. */
  static FileStat of(int type) {
    return new FileStat(0, 0, type, 1, 0, 0, 0, 0);
  }

  static FileStat read(Path path, LinkOption... options) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? unix(Files.readAttributes(path, UNIX, options))
        : basic(path, Files.readAttributes(path, BasicFileAttributes.class, options));
  }

  private static FileStat unix(Map<String, Object> values) {
    return new FileStat(
        number(values, "dev"),
        number(values, "ino"),
        type((int) number(values, "mode")),
        number(values, "nlink"),
        number(values, "size"),
        nanos(values, "lastAccessTime"),
        nanos(values, "lastModifiedTime"),
        nanos(values, "ctime"));
  }

  private static FileStat basic(Path path, BasicFileAttributes values) {
    Object key = values.fileKey();
    long inode = key == null ? path.toString().hashCode() : key.hashCode();
    return new FileStat(
        1,
        (inode & 0xffff_ffffL) | (1L << 32),
        values.isDirectory()
            ? Descriptor.DIRECTORY
            : values.isRegularFile()
                ? Descriptor.REGULAR_FILE
                : values.isSymbolicLink() ? Descriptor.SYMBOLIC_LINK : Descriptor.UNKNOWN,
        1,
        values.size(),
        values.lastAccessTime().to(TimeUnit.NANOSECONDS),
        values.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        values.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  private static long number(Map<String, Object> values, String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static long nanos(Map<String, Object> values, String name) {
    return values.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
  }

  private static int type(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> Descriptor.REGULAR_FILE;
      case 0040000 -> Descriptor.DIRECTORY;
      case 0120000 -> Descriptor.SYMBOLIC_LINK;
      case 0020000 -> Descriptor.CHARACTER_DEVICE;
      case 0060000 -> Descriptor.BLOCK_DEVICE;
      case 0140000 -> Descriptor.SOCKET_STREAM;
      default -> Descriptor.UNKNOWN;
    };
  }

  boolean isFolder() {
    return type == Descriptor.DIRECTORY;
  }

  boolean isLink() {
    return type == Descriptor.SYMBOLIC_LINK;
  }

  boolean isFile() {
    return type == Descriptor.REGULAR_FILE;
  }

  boolean same(FileStat other) {
    return device == other.device && inode == other.inode;
  }

  /** The same file without a name. */
  FileStat gone(long newSize) {
    return new FileStat(device, inode, type, 0, newSize, accessed, modified, changed);
  }

  FileStat withTimes(long newAccessed, long newModified) {
    return new FileStat(device, inode, type, links, size, newAccessed, newModified, changed);
  }

  void write(GuestMemory memory, int at) {
    memory.clear(at, BYTES);
    memory.putI64(at, device);
    memory.putI64(at + 8, inode);
    memory.putU8(at + 16, type);
    memory.putI64(at + 24, links);
    memory.putI64(at + 32, size);
    memory.putI64(at + 40, accessed);
    memory.putI64(at + 48, modified);
    memory.putI64(at + 56, changed);
  }
}
