package io.wasmrunner.wasi;

import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Locale;
import java.util.Map;

/**
 * Error numbers for failed file operations. Java has types for the usual reasons; the others it
 * tells by the system's text only, in the language of the process: in other languages than English
 * they are EIO.
 */
final class FileErrors {
  private static final Map<String, Errno> TEXTS =
      Map.ofEntries(
          Map.entry("too many open files", Errno.NFILE),
          Map.entry("not a directory", Errno.NOTDIR),
          Map.entry("is a directory", Errno.ISDIR),
          Map.entry("directory not empty", Errno.NOTEMPTY),
          Map.entry("symbolic link", Errno.LOOP),
          Map.entry("no space left", Errno.NOSPC),
          Map.entry("quota exceeded", Errno.DQUOT),
          Map.entry("read-only file system", Errno.ROFS),
          Map.entry("file name too long", Errno.NAMETOOLONG),
          Map.entry("file too large", Errno.FBIG),
          Map.entry("too many links", Errno.MLINK),
          Map.entry("cross-device link", Errno.XDEV),
          Map.entry("resource busy", Errno.BUSY),
          Map.entry("text file busy", Errno.TXTBSY),
          Map.entry("invalid argument", Errno.INVAL),
          Map.entry("operation not permitted", Errno.PERM),
          Map.entry("not supported", Errno.NOTSUP));

  private FileErrors() {}

  static Errno of(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return Errno.NOENT;
    }
    if (e instanceof FileAlreadyExistsException) {
      return Errno.EXIST;
    }
    if (e instanceof DirectoryNotEmptyException) {
      return Errno.NOTEMPTY;
    }
    if (e instanceof NotDirectoryException) {
      return Errno.NOTDIR;
    }
    if (e instanceof NotLinkException) {
      return Errno.INVAL;
    }
    if (e instanceof AccessDeniedException) {
      return Errno.ACCES;
    }
    if (e instanceof AtomicMoveNotSupportedException) {
      return Errno.XDEV;
    }
    if (e instanceof FileSystemLoopException) {
      return Errno.LOOP;
    }
    String reason = e.getReason();
    return reason == null ? Errno.IO : ofText(reason.toLowerCase(Locale.ROOT));
  }

  /**
   * The number for the system's own words.
   *
   * @param text in lower case
   */
  static Errno ofText(String text) {
    return TEXTS.entrySet().stream()
        .filter(entry -> text.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Errno.IO);
  }
}
