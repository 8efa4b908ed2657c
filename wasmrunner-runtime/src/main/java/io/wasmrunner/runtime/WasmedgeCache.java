package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Modules that WasmEdge compiled, in a folder for this user alone. A file appears whole or not at
 * all; several processes may share the folder.
 */
final class WasmedgeCache {
  static final long LIMIT_BYTES = 512L << 20;

  private static final String SUFFIX = ".wasm"; // by it, WasmEdge makes a module with native code
  private static final String UNFINISHED = "unfinished-";
  private static final Duration OUTDATED = Duration.ofHours(1);

  private final Path folder;
  private final long limitBytes;
  private final Clock clock;

  /** Makes the file of a module. */
  interface Maker {
    void make(Path target) throws IOException;
  }

  private record Entry(Path file, long bytes, Instant used) {}

  WasmedgeCache(Path folder, long limitBytes, Clock clock) {
    this.folder = folder;
    this.limitBytes = limitBytes;
    this.clock = clock;
  }

  /** Name of the entry of a module. */
  String name(String digest, String version) {
    return digest.replace(':', '-') + "-" + version + SUFFIX;
  }

  /** The entry of this name; made when it is not there. Blocks. */
  Path get(String name, Maker maker) throws IOException {
    Path file = folder.resolve(name).toAbsolutePath();
    if (!Files.isRegularFile(file)) {
      make(file, maker);
    }
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    return file;
  }

  private void make(Path file, Maker maker) throws IOException {
    createFolder();
    evict(file);
    Path unfinished = folder.resolve(UNFINISHED + ProcessHandle.current().pid() + SUFFIX);
    try {
      maker.make(unfinished.toAbsolutePath());
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void createFolder() throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } else {
      Files.createDirectories(folder);
    }
  }

  /** Removes what was not used for longest, down to the limit, and what was never finished. */
  private void evict(Path keep) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
      }
    }
    entries.sort(Comparator.comparing(Entry::used));
    long total = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      boolean unfinished = entry.file().getFileName().toString().startsWith(UNFINISHED);
      boolean outdated = entry.used().isBefore(clock.instant().minus(OUTDATED));
      if (!entry.file().equals(keep) && (unfinished ? outdated : total > limitBytes)) {
        Files.deleteIfExists(entry.file());
        total -= entry.bytes();
      }
    }
  }
}
