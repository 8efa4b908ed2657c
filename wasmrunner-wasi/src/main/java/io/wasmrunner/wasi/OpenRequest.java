package io.wasmrunner.wasi;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code path_open} is asked for.
 *
 * @param follow whether a link at the end of the path is followed
 * @param how create, folder, exclusive, truncate
 * @param base rights of the new descriptor
 * @param inheriting rights of those opened through it
 * @param flags append, synchronous, non-blocking
 */
record OpenRequest(boolean follow, int how, long base, long inheriting, int flags) {
  private static final int CREATE = 1;
  private static final int FOLDER = 2;
  private static final int EXCLUSIVE = 4;
  private static final int TRUNCATE = 8;
  private static final int ALL = 15;

  OpenRequest {
    if ((how & ~ALL) != 0 || (flags & ~Descriptor.ALL_FLAGS) != 0) {
      throw Errno.INVAL.exception();
    }
    base &= Rights.ALL;
  }

  boolean create() {
    return (how & CREATE) != 0;
  }

  boolean folder() {
    return (how & FOLDER) != 0;
  }

  boolean exclusive() {
    return (how & EXCLUSIVE) != 0;
  }

  boolean truncate() {
    return (how & TRUNCATE) != 0;
  }

  /** A new file is never created through a link that is there already. */
  boolean follows(String path) {
    return (follow || path.endsWith("/")) && !(create() && exclusive());
  }

  boolean wants(long rights) {
    return (base & rights) != 0;
  }

  boolean writes() {
    return truncate() || wants(Rights.FD_WRITE);
  }

  /** What the folder has to allow. */
  long needed() {
    return Rights.PATH_OPEN | (truncate() ? Rights.PATH_FILESTAT_SET_SIZE : 0);
  }

  /** How Java says it; the rights keep the guest to what it asked for. */
  Set<OpenOption> options(boolean write) {
    Set<OpenOption> options = new HashSet<>();
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (!write || wants(Rights.FD_READ)) {
      options.add(StandardOpenOption.READ);
    }
    if (write) {
      options.add(StandardOpenOption.WRITE);
      if (create()) {
        options.add(exclusive() ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
      }
      if (truncate()) {
        options.add(StandardOpenOption.TRUNCATE_EXISTING);
      }
    }
    return options;
  }
}
