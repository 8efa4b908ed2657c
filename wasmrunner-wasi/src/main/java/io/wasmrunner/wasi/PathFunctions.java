package io.wasmrunner.wasi;

import io.wasmrunner.wasi.PathWalk.LastLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Functions that take a path, seen from an open folder. */
final class PathFunctions {
  private static final int FOLLOW = 1;

  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("path_open", "iiiiiIIii:i", PathFunctions::open),
          new WasiFunction("path_filestat_get", "iiiii:i", PathFunctions::stat),
          new WasiFunction("path_filestat_set_times", "iiiiIIi:i", PathFunctions::setTimes),
          new WasiFunction("path_create_directory", "iii:i", PathFunctions::createFolder),
          new WasiFunction("path_remove_directory", "iii:i", PathFunctions::removeFolder),
          new WasiFunction("path_unlink_file", "iii:i", PathFunctions::unlink),
          new WasiFunction("path_rename", "iiiiii:i", PathFunctions::rename),
          new WasiFunction("path_link", "iiiiiii:i", PathFunctions::link),
          new WasiFunction("path_symlink", "iiiii:i", PathFunctions::symlink),
          new WasiFunction("path_readlink", "iiiiii:i", PathFunctions::readlink));

  private PathFunctions() {}

  private static Errno open(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    boolean follow = follows(a[1]);
    String path = path(host, a[2], a[3]);
    OpenRequest request = new OpenRequest(follow, (int) a[4], a[5], a[6], (int) a[7]);
    host.memory().check((int) a[8], 4);
    host.descriptors().requireFree();
    host.memory().putI32((int) a[8], host.descriptors().add(start.open(path, request)));
    return Errno.SUCCESS;
  }

  private static Errno stat(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_FILESTAT_GET);
    try (Place place = find(start, path(host, a[2], a[3]), follows(a[1]))) {
      FileStat found = place.require();
      FileStat exact = found.isLink() ? start.mount().linkTimes().exact(found) : found;
      exact.write(host.memory(), (int) a[4]);
    }
    return Errno.SUCCESS;
  }

  private static Errno setTimes(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_FILESTAT_SET_TIMES);
    long now = ProcessFunctions.realtime(host);
    FileTimes times = FileTimes.of(a[4], a[5], (int) a[6], now);
    try (Place place = find(start, path(host, a[2], a[3]), follows(a[1]))) {
      FileStat found = place.require();
      if (!found.isFile() && !found.isFolder() && !found.isLink()) {
        return Errno.ACCES; // Java would open a pipe to do it, and wait
      }
      times.set(place.path(), LinkOption.NOFOLLOW_LINKS);
      if (found.isLink()) {
        start.mount().linkTimes().set(place.require(), times);
      }
    }
    return Errno.SUCCESS;
  }

  private static Errno createFolder(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_CREATE_DIRECTORY);
    try (Place place = start.find(path(host, a[1], a[2]), LastLink.KEEP)) {
      requireAbsent(place);
      Files.createDirectory(place.path());
    }
    return Errno.SUCCESS;
  }

  private static Errno removeFolder(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_REMOVE_DIRECTORY);
    try (Place place = start.find(path(host, a[1], a[2]), LastLink.KEEP)) {
      if (!place.require().isFolder()) {
        return Errno.NOTDIR;
      }
      if (place.isSelf()) {
        return Errno.INVAL;
      }
      Files.delete(place.path());
    }
    return Errno.SUCCESS;
  }

  private static Errno unlink(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_UNLINK_FILE);
    try (Place place = start.find(path(host, a[1], a[2]), LastLink.KEEP)) {
      if (place.require().isFolder()) {
        return Errno.ISDIR;
      }
      Files.delete(place.path());
    }
    return Errno.SUCCESS;
  }

  private static Errno rename(WasiHost host, long[] a) throws IOException {
    GuestFolder from = folder(host, a[0]);
    GuestFolder to = folder(host, a[3]);
    from.require(Rights.PATH_RENAME_SOURCE);
    to.require(Rights.PATH_RENAME_TARGET);
    try (Place source = from.find(path(host, a[1], a[2]), LastLink.KEEP);
        Place target = to.find(path(host, a[4], a[5]), LastLink.KEEP)) {
      boolean moved = source.require().isFolder();
      Optional<Boolean> replaced = target.find().map(FileStat::isFolder);
      if (source.isSelf() || target.isSelf()) {
        return Errno.INVAL;
      }
      if ((moved && !replaced.orElse(true)) || (!moved && target.asFolder())) {
        return Errno.NOTDIR;
      }
      if (!moved && replaced.orElse(false)) {
        return Errno.ISDIR;
      }
      return move(source, target, moved && replaced.isPresent());
    }
  }

  private static Errno move(Place source, Place target, boolean replacesFolder) throws IOException {
    try {
      Files.move(source.path(), target.path(), StandardCopyOption.ATOMIC_MOVE);
      return Errno.SUCCESS;
    } catch (FileSystemException e) {
      Errno errno = FileErrors.of(e);
      return errno == Errno.IO && replacesFolder ? Errno.NOTEMPTY : errno;
    }
  }

  private static Errno link(WasiHost host, long[] a) throws IOException {
    GuestFolder from = folder(host, a[0]);
    GuestFolder to = folder(host, a[4]);
    if (follows(a[1])) {
      return Errno.INVAL;
    }
    from.require(Rights.PATH_LINK_SOURCE);
    to.require(Rights.PATH_LINK_TARGET);
    try (Place source = from.find(path(host, a[2], a[3]), LastLink.KEEP);
        Place target = to.find(path(host, a[5], a[6]), LastLink.KEEP)) {
      if (source.require().isFolder()) {
        return Errno.PERM;
      }
      requireAbsent(target);
      if (target.asFolder()) {
        return Errno.NOENT;
      }
      Files.createLink(target.path(), source.path());
    }
    return Errno.SUCCESS;
  }

  /**
   * The text of a link is not checked until someone follows it; only an absolute one is refused.
   */
  private static Errno symlink(WasiHost host, long[] a) throws IOException {
    String text = path(host, a[0], a[1]);
    GuestFolder start = folder(host, a[2]);
    start.require(Rights.PATH_SYMLINK);
    if (text.isEmpty()) {
      return Errno.NOENT;
    }
    if (text.startsWith("/")) {
      return Errno.NOTCAPABLE;
    }
    try (Place place = start.find(path(host, a[3], a[4]), LastLink.KEEP)) {
      requireAbsent(place);
      if (place.asFolder()) {
        return Errno.NOENT;
      }
      Files.createSymbolicLink(place.path(), Path.of(text));
    }
    return Errno.SUCCESS;
  }

  private static Errno readlink(WasiHost host, long[] a) throws IOException {
    GuestFolder start = folder(host, a[0]);
    start.require(Rights.PATH_READLINK);
    host.memory().check((int) a[3], (int) a[4]);
    host.memory().check((int) a[5], 4);
    try (Place place = start.find(path(host, a[1], a[2]), LastLink.KEEP)) {
      if (!place.require().isLink()) {
        return Errno.INVAL;
      }
      byte[] text =
          Files.readSymbolicLink(place.path()).toString().getBytes(StandardCharsets.UTF_8);
      int n = Math.min(text.length, (int) a[4]);
      host.memory().putBytes((int) a[3], text, 0, n);
      host.memory().putI32((int) a[5], n);
    }
    return Errno.SUCCESS;
  }

  private static Place find(GuestFolder start, String path, boolean follow) throws IOException {
    return start.find(path, follow || path.endsWith("/") ? LastLink.FOLLOW : LastLink.KEEP);
  }

  private static void requireAbsent(Place place) throws IOException {
    if (place.find().isPresent()) {
      throw Errno.EXIST.exception();
    }
  }

  private static GuestFolder folder(WasiHost host, long fd) {
    return host.descriptors().require((int) fd).folder();
  }

  private static boolean follows(long flags) {
    return (flags & FOLLOW) != 0;
  }

  private static String path(WasiHost host, long at, long length) {
    host.memory().check((int) at, (int) length);
    if ((int) length > PathWalk.MAX_PATH_BYTES) {
      throw Errno.NAMETOOLONG.exception();
    }
    byte[] bytes = host.memory().bytes((int) at, (int) length);
    try {
      String path = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (path.indexOf('\0') >= 0) {
        throw Errno.INVAL.exception();
      }
      return path;
    } catch (CharacterCodingException e) {
      throw Errno.ILSEQ.exception();
    }
  }
}
