package io.wasmrunner.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services folder now and then, and tells when a module or configuration in it has
 * changed and has been at rest since: a file that is still being copied is not taken. Looking is
 * cheap (names, sizes, times), works on every file system, and never misses a change for good.
 * Lives on the actor; looks elsewhere.
 */
final class FolderWatch {
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final int DEPTH = 3;
  private static final int MOST_FILES = 20_000;

  private final Path folder;
  private final Actor actor;
  private final Runnable changed;
  private Map<String, String> taken = Map.of();
  private Map<String, String> seen = Map.of();
  private boolean ended;

  FolderWatch(Path folder, Actor actor, Runnable changed) {
    this.folder = folder;
    this.actor = actor;
    this.changed = changed;
  }

  /** Begins; what is there now is no change. */
  void begin() {
    actor.offload(
        this::look,
        first -> {
          taken = first;
          seen = first;
          later();
        },
        failure -> later());
  }

  void end() {
    ended = true;
  }

  private void later() {
    actor.after(
        INTERVAL,
        () -> {
          if (!ended) {
            actor.offload(this::look, this::looked, failure -> later());
          }
        });
  }

  private void looked(Map<String, String> now) {
    boolean rests = now.equals(seen);
    seen = now;
    if (rests && !now.equals(taken) && !ended) {
      taken = now;
      changed.run();
    }
    later();
  }

  private Map<String, String> look() {
    Map<String, String> files = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (Stream<Path> all = Files.walk(folder, DEPTH, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
      all.filter(FolderWatch::matters)
          .limit(MOST_FILES)
          .forEach(file -> files.put(file.toString(), state(file)));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the services folder could not be looked at", e);
      return seen; // something moved just now: the next look tells
    }
    return files;
  }

  private static boolean matters(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".json") || name.endsWith(".wasm");
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);
      return read.size() + " " + read.lastModifiedTime() + " " + read.fileKey();
    } catch (IOException e) {
      return "gone";
    }
  }
}
