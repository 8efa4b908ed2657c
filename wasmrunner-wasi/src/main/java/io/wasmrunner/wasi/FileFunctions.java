package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.List;

/** Functions of open files. */
final class FileFunctions {
  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("fd_seek", "iIii:i", FileFunctions::seek),
          new WasiFunction("fd_tell", "ii:i", FileFunctions::tell),
          new WasiFunction("fd_pread", "iiiIi:i", FileFunctions::readAt),
          new WasiFunction("fd_pwrite", "iiiIi:i", FileFunctions::writeAt),
          new WasiFunction("fd_advise", "iIIi:i", FileFunctions::advise),
          new WasiFunction("fd_allocate", "iII:i", FileFunctions::allocate),
          new WasiFunction("fd_filestat_set_size", "iI:i", FileFunctions::setSize),
          new WasiFunction("fd_filestat_set_times", "iIIi:i", FileFunctions::setTimes));

  private static final int CURRENT = 1;

  private FileFunctions() {}

  private static GuestFile file(WasiHost host, long[] a) {
    return host.descriptors().require((int) a[0]).file(Errno.SPIPE);
  }

  private static Errno seek(WasiHost host, long[] a) throws IOException {
    GuestFile file = file(host, a);
    host.memory().check((int) a[3], 8);
    host.memory().putI64((int) a[3], file.seek(a[1], (int) a[2]));
    return Errno.SUCCESS;
  }

  private static Errno tell(WasiHost host, long[] a) throws IOException {
    GuestFile file = file(host, a);
    host.memory().check((int) a[1], 8);
    host.memory().putI64((int) a[1], file.seek(0, CURRENT));
    return Errno.SUCCESS;
  }

  private static Errno readAt(WasiHost host, long[] a) throws IOException {
    GuestFile file = file(host, a);
    Iovecs vectors = host.iovecs().read((int) a[1], (int) a[2]);
    host.memory().check((int) a[4], 4);
    host.memory().putI32((int) a[4], file.readAt(vectors, a[3]));
    return Errno.SUCCESS;
  }

  private static Errno writeAt(WasiHost host, long[] a) throws IOException {
    GuestFile file = file(host, a);
    Iovecs vectors = host.iovecs().read((int) a[1], (int) a[2]);
    host.memory().check((int) a[4], 4);
    host.memory().putI32((int) a[4], file.writeAt(vectors, a[3]));
    return Errno.SUCCESS;
  }

  private static Errno advise(WasiHost host, long[] a) {
    file(host, a).advise(a[1], a[2], (int) a[3]);
    return Errno.SUCCESS;
  }

  private static Errno allocate(WasiHost host, long[] a) throws IOException {
    file(host, a).allocate(a[1], a[2]);
    return Errno.SUCCESS;
  }

  private static Errno setSize(WasiHost host, long[] a) throws IOException {
    host.descriptors().require((int) a[0]).file(Errno.INVAL).setSize(a[1]);
    return Errno.SUCCESS;
  }

  private static Errno setTimes(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    long now = ProcessFunctions.realtime(host);
    descriptor.setTimes(FileTimes.of(a[1], a[2], (int) a[3], now));
    return Errno.SUCCESS;
  }
}
