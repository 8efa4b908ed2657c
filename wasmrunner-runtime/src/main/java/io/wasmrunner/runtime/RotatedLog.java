package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log files of one service: {@code NAME.log} is written, {@code NAME.log.1} is the one before,
 * and so on; the oldest goes. Only for the owner to read. Written by one thread.
 */
final class RotatedLog implements AutoCloseable {
  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private final Path folder;
  private final String name;
  private final LogFileSettings settings;
  private @Nullable FileChannel open;

  RotatedLog(String service, LogFileSettings settings) {
    this.folder = settings.folder().resolve(service);
    this.name = service + ".log";
    this.settings = settings;
  }

  /** Files that exist, oldest first. Any thread. */
  static List<Path> existing(String service, LogFileSettings settings) {
    RotatedLog log = new RotatedLog(service, settings);
    List<Path> files = new ArrayList<>();
    for (int age = 0; age < settings.files(); age++) {
      if (Files.isRegularFile(log.file(age), LinkOption.NOFOLLOW_LINKS)) {
        files.add(log.file(age));
      }
    }
    Collections.reverse(files);
    return files;
  }

  /** Puts whole lines at the end. */
  void append(byte[] lines) throws IOException {
    FileChannel channel = open == null ? open() : open;
    if (channel.position() > 0 && channel.position() + lines.length > settings.fileBytes()) {
      close();
      rotate();
      channel = open();
    }
    long before = channel.position();
    try {
      ByteBuffer left = ByteBuffer.wrap(lines);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    } catch (IOException e) {
      channel.truncate(before); // half a line says something else than the whole
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel channel = open;
    open = null;
    if (channel != null) {
      channel.close();
    }
  }

  private FileChannel open() throws IOException {
    Files.createDirectories(folder, permissions("rwx------"));
    FileChannel channel = FileChannel.open(file(0), OPTIONS, permissions("rw-------"));
    try {
      long size = channel.size();
      channel.position(size);
      ByteBuffer last = ByteBuffer.allocate(1);
      if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
        channel.write(ByteBuffer.wrap(new byte[] {'\n'})); // torn by a power cut
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    open = channel;
    return channel;
  }

  private void rotate() throws IOException {
    for (int age = settings.files() - 1; age >= 0; age--) {
      Path file = file(age);
      if (age == settings.files() - 1) {
        Files.deleteIfExists(file);
      } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(file, file(age + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path file(int age) {
    return folder.resolve(age == 0 ? name : name + "." + age);
  }

  private FileAttribute<?>[] permissions(String text) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : new FileAttribute<?>[0];
  }
}
