package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** Files that nobody but the user of this process may read or write, in a folder alike. */
final class PrivateFiles {
  /** How the name of a file ends that is being written. */
  static final String UNFINISHED = ".tmp";

  private static final int SECRET_BYTES = 32;
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  /** Writes whole or not at all, whatever others do or read at the same time. */
  static void write(Path file, byte[] content) throws IOException {
    Path temporary = temporary(file);
    try {
      Files.write(temporary, content);
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The secret in a file; a new random one when there is none. */
  static byte[] secret(Path file) throws IOException {
    try {
      byte[] secret = Files.readAllBytes(file);
      if (secret.length == SECRET_BYTES) {
        return secret;
      }
      Files.delete(file); // cut off by a full disk, say; what was made with it is lost
    } catch (NoSuchFileException e) {
      // made below
    }
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    Path temporary = temporary(file);
    try {
      Files.write(temporary, secret);
      Files.createLink(file, temporary); // fails when another process was first
      return secret;
    } catch (FileAlreadyExistsException e) {
      return Files.readAllBytes(file);
    } catch (UnsupportedOperationException e) {
      Files.move(temporary, file);
      return secret;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static Path temporary(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("No folder for " + file);
    }
    return Files.createTempFile(folder(folder), "new-", UNFINISHED, attributes(folder, FILE));
  }

  private static Path folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try {
        Files.createDirectory(folder, attributes(folder, FOLDER));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
    }
    if (posix(folder)) {
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(folder);
      if (!FOLDER.containsAll(now)) {
        Files.setPosixFilePermissions(folder, FOLDER);
      }
    }
    return folder;
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
