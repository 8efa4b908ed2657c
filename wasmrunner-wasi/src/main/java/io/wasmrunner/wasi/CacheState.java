package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lies in a folder of compiled code.
 *
 * @param entries intact entries
 * @param bytes size of all files
 * @param damaged names of entries that were damaged, or written by another installation
 * @param unfinished files that a process has begun and not ended
 */
public record CacheState(int entries, long bytes, List<String> damaged, int unfinished) {
  /** Copies the list. */
  public CacheState {
    damaged = List.copyOf(damaged);
  }

  /**
   * Reads the whole folder and changes nothing. Blocks.
   *
   * @throws IOException when the folder cannot be read
   */
  public static CacheState of(Path folder, Clock clock) throws IOException {
    boolean hasKey = Files.isRegularFile(folder.resolve("key")); // else one would be made
    CodeCache cache = new CodeCache(folder, Long.MAX_VALUE, clock);
    List<String> damaged = new ArrayList<>();
    int entries = 0;
    int unfinished = 0;
    long bytes = 0;
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      bytes += Files.size(file);
      if (name.endsWith(PrivateFiles.UNFINISHED)) {
        unfinished++;
      } else if (name.endsWith(CodeCache.SUFFIX)) {
        if (hasKey && cache.intact(file)) {
          entries++;
        } else {
          damaged.add(name);
        }
      }
    }
    return new CacheState(entries, bytes, damaged, unfinished);
  }
}
