package io.wasmrunner.wasi;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Times that a guest gave to symbolic links. Before JDK 25, Java sets those in microseconds only;
 * here is the rest, so that the guest reads back what it wrote.
 */
final class LinkTimes {
  static final int MAX = 256;

  private static final long UNIT = 1000;

  private final Map<Link, Exact> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Link, Exact> eldest) {
          return size() > MAX;
        }
      };

  private record Link(long device, long inode) {}

  private record Exact(long accessed, long modified) {}

  /** Notes what a link was given, when the system has rounded it. */
  void set(FileStat stored, FileTimes times) {
    long accessed = times.accessed().orElse(stored.accessed());
    long modified = times.modified().orElse(stored.modified());
    Link link = new Link(stored.device(), stored.inode());
    if (accessed == stored.accessed() && modified == stored.modified()) {
      known.remove(link);
    } else {
      known.put(link, new Exact(accessed, modified));
    }
  }

  /** The link with its exact times, unless others have set them since. */
  FileStat exact(FileStat stored) {
    Exact exact = known.get(new Link(stored.device(), stored.inode()));
    return exact == null
        ? stored
        : stored.withTimes(
            either(exact.accessed, stored.accessed()), either(exact.modified, stored.modified()));
  }

  private static long either(long exact, long stored) {
    return Math.floorDiv(exact, UNIT) == Math.floorDiv(stored, UNIT) ? exact : stored;
  }
}
