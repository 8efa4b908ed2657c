package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * New times of a file, in nanoseconds since 1970; what is empty stays.
 *
 * @param accessed last access
 * @param modified last change of the content
 */
record FileTimes(Optional<Long> accessed, Optional<Long> modified) {
  private static final int ACCESSED = 1;
  private static final int ACCESSED_NOW = 2;
  private static final int MODIFIED = 4;
  private static final int MODIFIED_NOW = 8;

  /** As the functions of WASI have them. */
  static FileTimes of(long accessed, long modified, int flags, long now) {
    if ((flags & ~15) != 0
        || (flags & (ACCESSED | ACCESSED_NOW)) == (ACCESSED | ACCESSED_NOW)
        || (flags & (MODIFIED | MODIFIED_NOW)) == (MODIFIED | MODIFIED_NOW)) {
      throw Errno.INVAL.exception();
    }
    return new FileTimes(
        time(flags, ACCESSED, accessed, ACCESSED_NOW, now),
        time(flags, MODIFIED, modified, MODIFIED_NOW, now));
  }

  private static Optional<Long> time(int flags, int given, long time, int asNow, long now) {
    if ((flags & asNow) != 0) {
      return Optional.of(now);
    }
    return (flags & given) != 0 ? Optional.of(time) : Optional.empty();
  }

  void set(Path path, LinkOption... options) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, options)
        .setTimes(
            modified.map(FileTimes::fileTime).orElse(null),
            accessed.map(FileTimes::fileTime).orElse(null),
            null);
  }

  private static FileTime fileTime(long nanos) {
    return FileTime.from(nanos, TimeUnit.NANOSECONDS);
  }
}
