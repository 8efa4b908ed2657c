package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.List;

/** Functions of any descriptor. */
final class DescriptorFunctions {
  private static final int FILESTAT_BYTES = 64;
  private static final int ALL_FLAGS = 31;

  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("fd_read", "iiii:i", DescriptorFunctions::read),
          new WasiFunction("fd_write", "iiii:i", DescriptorFunctions::write),
          new WasiFunction("fd_close", "i:i", DescriptorFunctions::close),
          new WasiFunction("fd_renumber", "ii:i", DescriptorFunctions::renumber),
          new WasiFunction("fd_fdstat_get", "ii:i", DescriptorFunctions::stat),
          new WasiFunction("fd_fdstat_set_flags", "ii:i", DescriptorFunctions::setFlags),
          new WasiFunction("fd_fdstat_set_rights", "iII:i", DescriptorFunctions::found),
          new WasiFunction("fd_filestat_get", "ii:i", DescriptorFunctions::fileStat),
          new WasiFunction("fd_seek", "iIii:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_tell", "ii:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_pread", "iiiIi:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_pwrite", "iiiIi:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_advise", "iIIi:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_allocate", "iII:i", DescriptorFunctions::notSeekable),
          new WasiFunction("fd_datasync", "i:i", DescriptorFunctions::found),
          new WasiFunction("fd_sync", "i:i", DescriptorFunctions::found),
          new WasiFunction("fd_prestat_get", "ii:i", DescriptorFunctions::notPreopened),
          new WasiFunction("fd_prestat_dir_name", "iii:i", DescriptorFunctions::notPreopened));

  private DescriptorFunctions() {}

  private static Errno read(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    Iovecs vectors = host.iovecs().read((int) a[1], (int) a[2]);
    host.memory().check((int) a[3], 4);
    host.memory().putI32((int) a[3], descriptor.read(vectors));
    return Errno.SUCCESS;
  }

  private static Errno write(WasiHost host, long[] a) throws IOException {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
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
    host.memory().putI64(at + 16, descriptor.rights());
    return Errno.SUCCESS;
  }

  private static Errno setFlags(WasiHost host, long[] a) {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    int flags = (int) a[1];
    if ((flags & ~ALL_FLAGS) != 0) {
      return Errno.INVAL;
    }
    descriptor.flags(flags);
    return Errno.SUCCESS;
  }

  private static Errno fileStat(WasiHost host, long[] a) {
    Descriptor descriptor = host.descriptors().require((int) a[0]);
    int at = (int) a[1];
    host.memory().clear(at, FILESTAT_BYTES);
    host.memory().putU8(at + 16, descriptor.filetype());
    host.memory().putI64(at + 24, 1); // links
    return Errno.SUCCESS;
  }

  private static Errno found(WasiHost host, long[] a) {
    host.descriptors().require((int) a[0]);
    return Errno.SUCCESS;
  }

  private static Errno notSeekable(WasiHost host, long[] a) {
    host.descriptors().require((int) a[0]);
    return Errno.SPIPE;
  }

  /** No folder is preopened; wasi-libc asks from 3 upwards until it gets this answer. */
  private static Errno notPreopened(WasiHost host, long[] a) {
    return Errno.BADF;
  }
}
