package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where an open file was found, for what Java does by path only. Stands in for {@link Handles}.
 *
 * @param folder the folder
 * @param name its name there
 * @param found what it was when it was opened
 */
record OpenedPath(Folder folder, String name, FileStat found) {
  /** The path, as long as it still is this file. */
  Path path() throws IOException {
    if (folder.stat(name).filter(found::same).isEmpty()) {
      throw new NoSuchFileException(name);
    }
    return folder.path(name);
  }

  /** What the system says of it; of a file that is gone from there, what it said before. */
  FileStat stat(long size) throws IOException {
    try {
      return folder.stat(name).filter(found::same).orElseGet(() -> found.gone(size));
    } catch (NoSuchFileException e) {
      return found.gone(size);
    }
  }
}
