package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A puppet with folders, and file functions in a form that tests read well. */
final class FileGuest implements AutoCloseable {
  /** The first preopened folder. */
  static final int ROOT = 3;

  static final int CREATE = 1;
  static final int FOLDER = 2;
  static final int EXCLUSIVE = 4;
  static final int TRUNCATE = 8;

  static final long READ_WRITE = Rights.OF_FILE;
  static final long READ = Rights.OF_FILE & ~Rights.CHANGES_FILE;

  /** Here a function puts its result; then come two paths, and data. */
  static final int RESULT = Puppet.FREE;

  static final int STAT = RESULT + 128;
  private static final int VECTORS = RESULT + 64;
  private static final int PATH = 2048;
  private static final int PATH2 = 12_288;
  static final int DATA = 24_576;

  private final Puppet puppet;

  private FileGuest(Puppet puppet) {
    this.puppet = puppet;
  }

  static FileGuest start(Module module, Preopen... folders) {
    return new FileGuest(Puppet.start(module, builder -> builder.preopens(List.of(folders))));
  }

  static FileGuest start(Module module, GuestListener listener, Preopen... folders) {
    return new FileGuest(
        Puppet.start(module, builder -> builder.preopens(List.of(folders)).listener(listener)));
  }

  Puppet puppet() {
    return puppet;
  }

  /** Puts a path into memory, and gives its length. */
  private int path(int at, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    puppet.write(at, bytes);
    return bytes.length;
  }

  Errno tryOpen(int folder, String path, int how, long rights, int flags, boolean follow) {
    return puppet.call(
        "path_open",
        folder,
        follow ? 1 : 0,
        PATH,
        path(PATH, path),
        how,
        rights,
        Rights.ALL,
        flags,
        RESULT);
  }

  Errno tryOpen(String path, int how) {
    return tryOpen(ROOT, path, how, (how & FOLDER) == 0 ? READ_WRITE : Rights.OF_FOLDER, 0, true);
  }

  int open(int folder, String path, int how, long rights, int flags) {
    assertThat(tryOpen(folder, path, how, rights, flags, true)).as(path).isEqualTo(Errno.SUCCESS);
    return puppet.i32(RESULT);
  }

  int open(String path, int how) {
    return open(ROOT, path, how, READ_WRITE, 0);
  }

  int openFolder(String path) {
    return open(ROOT, path, FOLDER, Rights.OF_FOLDER, 0);
  }

  Errno close(int fd) {
    return puppet.call("fd_close", fd);
  }

  /** A function whose last parameters before any others are a folder and a path. */
  Errno path(String function, int folder, String path, long... more) {
    long[] args = new long[3 + more.length];
    args[0] = folder;
    args[1] = PATH;
    args[2] = path(PATH, path);
    System.arraycopy(more, 0, args, 3, more.length);
    return puppet.call(function, args);
  }

  Errno createFolder(String path) {
    return path("path_create_directory", ROOT, path);
  }

  Errno removeFolder(String path) {
    return path("path_remove_directory", ROOT, path);
  }

  Errno unlink(String path) {
    return path("path_unlink_file", ROOT, path);
  }

  Errno rename(int from, String source, int to, String target) {
    return puppet.call(
        "path_rename", from, PATH, path(PATH, source), to, PATH2, path(PATH2, target));
  }

  Errno rename(String source, String target) {
    return rename(ROOT, source, ROOT, target);
  }

  Errno link(int from, String source, int to, String target) {
    return puppet.call(
        "path_link", from, 0, PATH, path(PATH, source), to, PATH2, path(PATH2, target));
  }

  Errno symlink(String text, String path) {
    return puppet.call("path_symlink", PATH2, path(PATH2, text), ROOT, PATH, path(PATH, path));
  }

  Errno readlink(String path, int size) {
    return path("path_readlink", ROOT, path, DATA, size, RESULT);
  }

  Errno stat(int folder, String path, boolean follow) {
    return puppet.call("path_filestat_get", folder, follow ? 1 : 0, PATH, path(PATH, path), STAT);
  }

  Errno stat(String path) {
    return stat(ROOT, path, true);
  }

  Errno setTimes(String path, boolean follow, long accessed, long modified, int flags) {
    return puppet.call(
        "path_filestat_set_times",
        ROOT,
        follow ? 1 : 0,
        PATH,
        path(PATH, path),
        accessed,
        modified,
        flags);
  }

  Errno tryWrite(int fd, String text) {
    puppet.write(DATA, text);
    puppet.ints(
        VECTORS,
        DATA,
        text.length() / 2,
        DATA + text.length() / 2,
        text.length() - text.length() / 2);
    return puppet.call("fd_write", fd, VECTORS, 2, RESULT);
  }

  void write(int fd, String text) {
    assertThat(tryWrite(fd, text)).isEqualTo(Errno.SUCCESS);
    assertThat(puppet.i32(RESULT)).isEqualTo(text.length());
  }

  Errno tryRead(int fd, int length) {
    puppet.ints(VECTORS, DATA, length / 2, DATA + length / 2, length - length / 2);
    return puppet.call("fd_read", fd, VECTORS, 2, RESULT);
  }

  String read(int fd, int length) {
    assertThat(tryRead(fd, length)).isEqualTo(Errno.SUCCESS);
    return puppet.text(DATA, puppet.i32(RESULT));
  }

  String readAt(int fd, int length, long offset) {
    puppet.ints(VECTORS, DATA, length / 2, DATA + length / 2, length - length / 2);
    assertThat(puppet.call("fd_pread", fd, VECTORS, 2, offset, RESULT)).isEqualTo(Errno.SUCCESS);
    return puppet.text(DATA, puppet.i32(RESULT));
  }

  void writeAt(int fd, String text, long offset) {
    puppet.write(DATA, text);
    puppet.ints(VECTORS, DATA, 1, DATA + 1, text.length() - 1);
    assertThat(puppet.call("fd_pwrite", fd, VECTORS, 2, offset, RESULT)).isEqualTo(Errno.SUCCESS);
    assertThat(puppet.i32(RESULT)).isEqualTo(text.length());
  }

  Errno trySeek(int fd, long offset, int whence) {
    return puppet.call("fd_seek", fd, offset, whence, RESULT);
  }

  long seek(int fd, long offset, int whence) {
    assertThat(trySeek(fd, offset, whence)).isEqualTo(Errno.SUCCESS);
    return puppet.i64(RESULT);
  }

  /** Size of an open file. */
  long size(int fd) {
    assertThat(puppet.call("fd_filestat_get", fd, STAT)).isEqualTo(Errno.SUCCESS);
    return puppet.i64(STAT + 32);
  }

  @Override
  public void close() {
    puppet.close();
  }
}
