package io.wasmrunner.proxy;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file behind the access log, or standard output. A full file becomes {@code name.1}, that one
 * {@code name.2}, and so on; the oldest goes. Blocks; for one thread.
 */
final class AccessLogFile implements AutoCloseable {
  private final Optional<Path> file;
  private final long maxBytes;
  private final int kept;
  private OutputStream out;
  private long size;

  AccessLogFile(AccessLogOptions options) throws IOException {
    this.file = options.file();
    this.maxBytes = options.maxBytes();
    this.kept = options.kept();
    this.out = file.isPresent() ? open(file.get()) : new FileOutputStream(FileDescriptor.out);
  }

  void write(byte[] lines) throws IOException {
    if (file.isPresent() && size > 0 && size + lines.length > maxBytes) {
      rotate(file.get());
    }
    out.write(lines);
    size += lines.length;
  }

  private OutputStream open(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    OutputStream opened =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    size = Files.size(path);
    return opened;
  }

  private void rotate(Path path) throws IOException {
    out.close();
    try {
      for (int i = kept - 1; i >= 1; i--) {
        move(numbered(path, i), numbered(path, i + 1));
      }
      move(path, numbered(path, 1));
    } finally {
      out = open(path);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException notYet) {
      // There were not so many before.
    }
  }

  private static Path numbered(Path path, int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      out.close();
    }
  }
}
