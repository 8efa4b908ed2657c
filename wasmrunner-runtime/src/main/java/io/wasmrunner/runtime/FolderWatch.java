package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services folder now and then, and tells when a module or configuration in it has
 * changed and has been at rest since: a file that is still being copied is not taken. What else a
 * guest may write into its folder does not count. Looking is cheap (names, sizes, times), works on
 * every file system, and never misses a change for good. Lives on the actor; looks elsewhere.
 */
final class FolderWatch {
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
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
    for (Path service : children(folder, "*")) {
      put(files, service.resolve(ServiceFolder.SERVICE_JSON));
      put(files, service.resolve(ServiceFolder.OPENAPI_JSON));
      children(service, "*.wasm").forEach(module -> put(files, module));
    }
    return files;
  }

  private static void put(Map<String, String> files, Path file) {
    if (files.size() < MOST_FILES && Files.exists(file)) {
      files.put(file.toString(), state(file));
    }
  }

  /** Those that can be seen: one folder that cannot be read hides no other. */
  private static List<Path> children(Path parent, String pattern) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, pattern)) {
        children.forEach(found::add);
      } catch (IOException | DirectoryIteratorException e) {
        LOG.debug("{} could not be looked at", parent, e);
      }
    }
    return found;
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
