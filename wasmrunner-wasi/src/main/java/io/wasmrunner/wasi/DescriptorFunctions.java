package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.List;

/** Functions of any descriptor. */
final class DescriptorFunctions {
  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("fd_read", "iiii:i", DescriptorFunctions::read),
          new WasiFunction("fd_write", "iiii:i", DescriptorFunctions::write),
          new WasiFunction("fd_close", "i:i", DescriptorFunctions::close),
          new WasiFunction("fd_renumber", "ii:i", DescriptorFunctions::renumber),
          new WasiFunction("fd_fdstat_get", "ii:i", DescriptorFunctions::stat),
          new WasiFunction("fd_fdstat_set_flags", "ii:i", DescriptorFunctions::setFlags),
          new WasiFunction("fd_fdstat_set_rights", "iII:i", DescriptorFunctions::setRights),
          new WasiFunction("fd_filestat_get", "ii:i", DescriptorFunctions::fileStat),
          new WasiFunction("fd_datasync", "i:i", (host, a) -> sync(host, a, true)),
          new WasiFunction("fd_sync", "i:i", (host, a) -> sync(host, a, false)));

  private DescriptorFunctions() {}

  private static Errno read(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    descriptor.require(Rights.FD_READ);
    Iovecs vectors = host.iovecs().read((int) a[1], (int) a[2]);
    host.memory().check((int) a[3], 4);
    host.memory().putI32((int) a[3], descriptor.read(vectors));
    return Errno.SUCCESS;
  }

  private static Errno write(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    descriptor.require(Rights.FD_WRITE);
    Iovecs vectors = host.iovecs().read((int) a[1], (int) a[2]);
    host.memory().check((int) a[3], 4);
    host.memory().putI32((int) a[3], descriptor.write(vectors));
    return Errno.SUCCESS;
  }

  private static Errno close(WasiHost host, long[] a) throws IOException {
    host.descriptors().close((int) a[0]);
    return Errno.SUCCESS;
  }

  private static Errno renumber(WasiHost host, long[] a) throws IOException {
    host.descriptors().renumber((int) a[0], (int) a[1]);
    return Errno.SUCCESS;
  }

  private static Errno stat(WasiHost host, long[] a) {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    int at = (int) a[1];
    host.memory().clear(at, 24);
    host.memory().putU8(at, descriptor.filetype());
    host.memory().putU16(at + 2, descriptor.flags());
    host.memory().putI64(at + 8, descriptor.rights());
    host.memory().putI64(at + 16, descriptor.inheriting());
    return Errno.SUCCESS;
  }

  private static Errno setFlags(WasiHost host, long[] a) {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    int flags = (int) a[1];
    if ((flags & ~Descriptor.ALL_FLAGS) != 0) {
      return Errno.INVAL;
    }
    descriptor.require(Rights.FD_FDSTAT_SET_FLAGS);
    descriptor.flags(flags);
    return Errno.SUCCESS;
  }

  private static Errno setRights(WasiHost host, long[] a) {
    host.descriptors().require((int) a[0]).rights(a[1], a[2]);
    return Errno.SUCCESS;
  }

  private static Errno fileStat(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    descriptor.require(Rights.FD_FILESTAT_GET);
    descriptor.stat().write(host.memory(), (int) a[1]);
    return Errno.SUCCESS;
  }

  private static Errno sync(WasiHost host, long[] a, boolean dataOnly) throws IOException {
    host.descriptors().require((int) a[0]).sync(dataOnly);
    return Errno.SUCCESS;
  }
}
