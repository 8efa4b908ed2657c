package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder by its path, where {@link Handles} do not exist: before every use the path is proved to
 * have no links and to lead to the same folder still. Someone else who replaces it between that and
 * the use is not noticed.
 */
final class CheckedFolder extends Folder {
  private final Path real;
  private final @Nullable Object key;

  private CheckedFolder(Path real, @Nullable Object key) {
    this.real = real;
    this.key = key;
  }

  static CheckedFolder of(Path real) throws IOException {
    BasicFileAttributes attributes = attributes(real);
    if (!attributes.isDirectory()) {
      throw Errno.NOTDIR.exception();
    }
    return new CheckedFolder(real, attributes.fileKey());
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  Path path(String name) throws IOException {
    if (!real.toRealPath().equals(real) || !Objects.equals(attributes(real).fileKey(), key)) {
      throw new NoSuchFileException(real.toString(), null, "moved or replaced");
    }
    if (name.equals(".")) {
      return real;
    }
    Path path = real.resolve(name);
    Path last = path.getFileName();
    if (last == null || !last.toString().equals(name) || !real.equals(path.getParent())) {
      throw Errno.INVAL.exception(); // a name of one component means more to this system
    }
    return path;
  }

  @Override
  Folder child(String name) throws IOException {
    return of(path(name));
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  DirectoryStream<Path> list() throws IOException {
    return Files.newDirectoryStream(path("."));
  }

  @Override
  public void close() {}
}
