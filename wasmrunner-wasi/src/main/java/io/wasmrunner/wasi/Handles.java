package io.wasmrunner.wasi;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Paths that name an open folder or file itself, wherever it is moved: {@code /proc/self/fd/N}. To
 * the operations that Java has only for paths they give what {@code openat} and its relatives give
 * elsewhere: nothing that others rename or replace meanwhile can lead them astray.
 *
 * <p>Needs Linux with {@code /proc}, and the flags {@code --add-opens} for {@code java.base/}{@code
 * sun.nio.fs}, {@code sun.nio.ch} and {@code java.io} to {@code ALL-UNNAMED}, which the launcher's
 * jar carries in its manifest: Java does not tell the number N otherwise.
 */
final class Handles {
  private static final Path NUMBERS = Path.of("/proc/self/fd");
  private static final @Nullable Field FOLDER =
      field("sun.nio.fs.UnixSecureDirectoryStream", "dfd");
  private static final @Nullable Field FILE = field("sun.nio.ch.FileChannelImpl", "fd");
  private static final @Nullable Field NUMBER = field("java.io.FileDescriptor", "fd");

  /** Whether this process has such paths at all. */
  static final boolean AVAILABLE =
      FOLDER != null && FILE != null && NUMBER != null && Files.isDirectory(NUMBERS);

  private Handles() {}

  /** The path of an open folder. */
  static Optional<Path> of(DirectoryStream<Path> folder) {
    try {
      return AVAILABLE && FOLDER != null && FOLDER.getDeclaringClass().isInstance(folder)
          ? Optional.of(path(FOLDER.getInt(folder)))
          : Optional.empty();
    } catch (IllegalAccessException e) {
      return Optional.empty();
    }
  }

  /** The path of an open file. */
  static Optional<Path> of(FileChannel file) {
    try {
      return AVAILABLE
              && FILE != null
              && NUMBER != null
              && FILE.getDeclaringClass().isInstance(file)
              && FILE.get(file) instanceof FileDescriptor descriptor
          ? Optional.of(path(NUMBER.getInt(descriptor)))
          : Optional.empty();
    } catch (IllegalAccessException e) {
      return Optional.empty();
    }
  }

  private static Path path(int number) {
    return NUMBERS.resolve(Integer.toString(number));
  }

  private static @Nullable Field field(String type, String name) {
    try {
      Field field = Class.forName(type).getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException
        | RuntimeException e) { // no such class, or not open to us
      return null;
    }
  }
}
