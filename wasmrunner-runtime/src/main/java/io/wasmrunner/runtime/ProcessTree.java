package io.wasmrunner.runtime;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process with its descendants, also those whose parents have ended since they were last seen.
 * Process handles know the start time, so a reused id is never hit. Thread-safe.
 */
final class ProcessTree {
  /** Time to end by itself after TERM. */
  static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration KILL_LIMIT = Duration.ofSeconds(2);

  private final ProcessHandle root;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** Remembers descendants that somebody has seen. */
  synchronized void remember(List<Long> pids) {
    seen.removeIf(process -> !process.isAlive());
    for (long pid : pids) {
      if (pid != root.pid()) {
        ProcessHandle.of(pid).ifPresent(seen::add);
      }
    }
  }

  /** Asks all to end. */
  void terminate() {
    all().forEach(ProcessHandle::destroy);
  }

  /** Ends all at once. */
  void kill() {
    all().forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends the descendants at once. */
  void killDescendants() {
    descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** After {@link #terminate}: waits for the grace, then ends what is left. Blocks. */
  void awaitEnd() {
    if (!await(GRACE)) {
      kill();
      await(KILL_LIMIT);
    }
  }

  private boolean await(Duration limit) {
    try {
      CompletableFuture.allOf(
              all().stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(root), descendants().stream())
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  private synchronized List<ProcessHandle> descendants() {
    root.descendants().forEach(seen::add);
    List.copyOf(seen).forEach(process -> process.descendants().forEach(seen::add));
    return List.copyOf(seen);
  }
}
