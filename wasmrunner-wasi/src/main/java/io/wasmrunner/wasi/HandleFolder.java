package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder by its open handle: what others do to its path meanwhile does not matter. */
final class HandleFolder extends Folder {
  private static final Logger log = LoggerFactory.getLogger(HandleFolder.class);
  private static final Path SELF = Path.of(".");

  private final SecureDirectoryStream<Path> stream;
  private final Path handle;

  private HandleFolder(SecureDirectoryStream<Path> stream, Path handle) {
    this.stream = stream;
    this.handle = handle;
  }

  static HandleFolder of(SecureDirectoryStream<Path> stream) {
    Path handle =
        Handles.of(stream)
            .orElseThrow(() -> new IllegalStateException("no handle in " + stream.getClass()));
    return new HandleFolder(stream, handle);
  }

  @Override
  Path path(String name) {
    return handle.resolve(name);
  }

  @Override
  Folder child(String name) throws IOException {
    return of(opened(Path.of(name)));
  }

  @Override
  DirectoryStream<Path> list() throws IOException {
    return opened(SELF);
  }

  private SecureDirectoryStream<Path> opened(Path name) throws IOException {
    return stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      log.debug("A folder did not close", e);
    }
  }
}
