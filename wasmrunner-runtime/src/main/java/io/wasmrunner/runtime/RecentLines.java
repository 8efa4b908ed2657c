package io.wasmrunner.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last few lines of something, each cut to a length. Thread-safe. */
final class RecentLines {
  static final int MOST = 20;
  static final int LONGEST = 500;

  private final Deque<String> lines = new ArrayDeque<>(MOST);

  synchronized void add(String line) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.addLast(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
  }

  /** Oldest first. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
