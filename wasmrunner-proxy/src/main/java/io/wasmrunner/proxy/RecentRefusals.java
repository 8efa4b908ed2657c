package io.wasmrunner.proxy;

import io.wasmrunner.model.RefusedRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The requests that were refused last; older ones are forgotten. Thread-safe. */
final class RecentRefusals {
  /** So many are kept. */
  static final int KEPT = 200;

  private final Deque<RefusedRequest> newestFirst = new ArrayDeque<>(KEPT);

  synchronized void add(RefusedRequest request) {
    if (newestFirst.size() == KEPT) {
      newestFirst.removeLast();
    }
    newestFirst.addFirst(request);
  }

  /** Newest first. */
  synchronized List<RefusedRequest> last(int limit) {
    List<RefusedRequest> last = new ArrayList<>();
    Iterator<RefusedRequest> all = newestFirst.iterator();
    while (all.hasNext() && last.size() < limit) {
      last.add(all.next());
    }
    return last;
  }
}
