package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Functions of open folders. */
final class FolderFunctions {
  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("fd_prestat_get", "ii:i", FolderFunctions::preopen),
          new WasiFunction("fd_prestat_dir_name", "iii:i", FolderFunctions::preopenName),
          new WasiFunction("fd_readdir", "iiiIi:i", FolderFunctions::list));

  private FolderFunctions() {}

  /** wasi-libc asks from 3 upwards until it gets EBADF. */
  private static byte[] name(WasiHost host, int fd) {
    Descriptor descriptor = host.descriptors().require(fd);
    if (descriptor instanceof GuestFolder folder) {
      return folder
          .preopenedAs()
          .map(name -> name.getBytes(StandardCharsets.UTF_8))
          .orElseThrow(Errno.BADF::exception);
    }
    throw Errno.BADF.exception();
  }

  private static Errno preopen(WasiHost host, long[] a) {
    byte[] name = name(host, (int) a[0]);
    host.memory().check((int) a[1], 8);
    host.memory().putI32((int) a[1], 0); // a folder; there is no other kind
    host.memory().putI32((int) a[1] + 4, name.length);
    return Errno.SUCCESS;
  }

  private static Errno preopenName(WasiHost host, long[] a) {
    byte[] name = name(host, (int) a[0]);
    if (Integer.compareUnsigned((int) a[2], name.length) < 0) {
      return Errno.NAMETOOLONG;
    }
    host.memory().putBytes((int) a[1], name);
    return Errno.SUCCESS;
  }

  private static Errno list(WasiHost host, long[] a) throws IOException {
    GuestFolder folder = host.descriptors().require((int) a[0]).folder();
    folder.require(Rights.FD_READDIR);
    int at = (int) a[1];
    int length = (int) a[2];
    host.memory().check(at, length);
    host.memory().check((int) a[4], 4);
    int used = folder.listing().read(host.memory(), at, length, a[3]);
    host.memory().putI32((int) a[4], used);
    return Errno.SUCCESS;
  }
}
