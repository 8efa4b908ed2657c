package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a path of a guest leads: to a name in a folder, which is held open until this is closed.
 *
 * @param folder the folder
 * @param name a name in it, {@code .} for itself
 * @param asFolder the path ended with a slash: only a folder will do
 * @param held folders on the way
 */
record Place(Folder folder, String name, boolean asFolder, List<Folder> held)
    implements AutoCloseable {

  boolean isSelf() {
    return name.equals(".");
  }

  Path path() throws IOException {
    return folder.path(name);
  }

  /** What is there, links not followed. */
  Optional<FileStat> find() throws IOException {
    return folder.stat(name);
  }

  /** What is there; ENOENT, or ENOTDIR when it is no folder and the path asks for one. */
  FileStat require() throws IOException {
    FileStat found = find().orElseThrow(Errno.NOENT::exception);
    if (asFolder && !found.isFolder()) {
      throw Errno.NOTDIR.exception();
    }
    return found;
  }

  @Override
  public void close() {
    held.forEach(Folder::close);
  }
}
