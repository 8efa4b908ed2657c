package io.wasmrunner.wasi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Optional;

/**
 * A folder of the host that is held open. All that is done in it is done with {@link #path} of one
 * name at a time, links not followed, so that it happens in this folder or not at all.
 */
abstract sealed class Folder implements Closeable permits HandleFolder, CheckedFolder {
  /** Opens a folder that the configuration names; links in its own path are followed. */
  @SuppressWarnings("StreamResourceLeak") // closed with the folder
  static Folder open(Path host) throws IOException {
    Path real = host.toRealPath();
    if (!Handles.AVAILABLE) {
      return CheckedFolder.of(real);
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (stream instanceof SecureDirectoryStream<Path> secure && Handles.of(stream).isPresent()) {
      return HandleFolder.of(secure);
    }
    stream.close();
    return CheckedFolder.of(real);
  }

  /**
   * How the system finds a name in this folder; {@code .} is the folder itself.
   *
   * @param name one component, not {@code ..}
   */
  abstract Path path(String name) throws IOException;

  /** Opens a folder in this one; fails when it is a link. {@code .} opens this one again. */
  abstract Folder child(String name) throws IOException;

  /** What is in it; the caller closes the stream. */
  abstract DirectoryStream<Path> list() throws IOException;

  /** What a name stands for, links not followed; empty when there is nothing of this name. */
  final Optional<FileStat> stat(String name) throws IOException {
    try {
      return Optional.of(FileStat.read(path(name), LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public abstract void close();
}
