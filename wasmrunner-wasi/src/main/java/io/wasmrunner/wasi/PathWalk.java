package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows a guest's path one name at a time, each folder on the way held open. {@code ..} goes back
 * along the folders that were passed, links are read and followed here: neither can leave the
 * folder where the walk began.
 */
final class PathWalk {
  static final int MAX_LINKS = 40;
  static final int MAX_DEPTH = 128;
  static final int MAX_PATH_BYTES = 4096;
  static final int MAX_NAME_BYTES = 255;

  /** What to do with a link at the end of the path; those before it are always followed. */
  enum LastLink {
    FOLLOW,
    KEEP
  }

  private final Folder start;
  private final LastLink lastLink;
  private final Deque<Folder> passed = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private boolean asFolder;
  private int links;

  private PathWalk(Folder start, LastLink lastLink) {
    this.start = start;
    this.lastLink = lastLink;
  }

  /** Finds the place; the caller closes it. */
  static Place find(Folder start, String path, LastLink lastLink) throws IOException {
    PathWalk walk = new PathWalk(start, lastLink);
    boolean found = false;
    try {
      Place place = walk.find(path);
      found = true;
      return place;
    } finally {
      if (!found) {
        walk.passed.forEach(Folder::close);
      }
    }
  }

  private Place find(String path) throws IOException {
    prepend(path);
    while (true) {
      Poller.stopIfInterrupted();
      String name = names.pop();
      if (name.equals("..")) {
        back();
      } else if (!name.equals(".")) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
          throw Errno.NAMETOOLONG.exception();
        }
        if (names.isEmpty() && lastLink == LastLink.KEEP) {
          return place(name);
        }
        Optional<FileStat> found = here().stat(name);
        if (found.isPresent() && found.get().isLink()) {
          follow(name);
          continue;
        }
        if (names.isEmpty()) {
          return place(name);
        }
        enter(name, found.orElseThrow(Errno.NOENT::exception));
      }
      if (names.isEmpty()) {
        return place(".");
      }
    }
  }

  private Folder here() {
    Folder last = passed.peek();
    return last == null ? start : last;
  }

  private Place place(String name) {
    return new Place(here(), name, asFolder, List.copyOf(passed));
  }

  private void back() {
    Folder left = passed.poll();
    if (left == null) {
      throw Errno.NOTCAPABLE.exception(); // out of what was granted
    }
    left.close();
  }

  private void enter(String name, FileStat found) throws IOException {
    if (!found.isFolder()) {
      throw Errno.NOTDIR.exception();
    }
    if (passed.size() == MAX_DEPTH) {
      throw Errno.NAMETOOLONG.exception();
    }
    passed.push(here().child(name));
  }

  private void follow(String name) throws IOException {
    if (++links > MAX_LINKS) {
      throw Errno.LOOP.exception();
    }
    prepend(Files.readSymbolicLink(here().path(name)).toString());
  }

  private void prepend(String path) {
    if (path.isEmpty()) {
      throw Errno.NOENT.exception();
    }
    if (path.startsWith("/")) {
      throw Errno.NOTCAPABLE.exception();
    }
    List<String> added = new ArrayList<>(List.of(path.split("/+")));
    if (names.isEmpty()) {
      asFolder |= path.endsWith("/");
    }
    for (int i = added.size() - 1; i >= 0; i--) {
      names.push(added.get(i));
    }
  }
}
